// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The bounded off-heap cache of decompressed pages. Filled by positional reads, for disk and object
 * storage alike: no mapped files, so that a failing disk is an error and not a crash. Every byte is
 * charged to the memory budget.
 */
@NullMarked
package io.skopos.storage.pages;

import org.jspecify.annotations.NullMarked;
