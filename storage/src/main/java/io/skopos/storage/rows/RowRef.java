// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

/** A row where it lies, and the log position it came with (of a part: the part's greatest). */
record RowRef(RowBlock block, int row, long position) {}
