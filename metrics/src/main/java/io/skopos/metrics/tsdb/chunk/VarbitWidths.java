// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

/** Widths of the integers in histogram chunks, by the number of ones that precede them. */
final class VarbitWidths {

  /** No zero follows the eight ones of the last class. */
  static final int[] AFTER_ONES = {0, 3, 6, 9, 12, 18, 25, 56, 64};

  private VarbitWidths() {}
}
