// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The only way to files. Everything that is written goes through {@link
 * io.skopos.storage.disk.Disk}, so that tests can put a disk below it that is full, fails, forgets
 * what was not synced, or flips bits.
 */
@NullMarked
package io.skopos.storage.disk;

import org.jspecify.annotations.NullMarked;
