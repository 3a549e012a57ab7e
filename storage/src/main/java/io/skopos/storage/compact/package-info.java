// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Fewer, larger parts: {@link io.skopos.storage.compact.MergeChoice} picks neighbouring parts of a
 * day worth merging, {@link io.skopos.storage.compact.Compaction} has the wing merge them and swaps
 * the manifest. Order of positions is kept, because of equal rows the later position wins.
 */
@NullMarked
package io.skopos.storage.compact;

import org.jspecify.annotations.NullMarked;
