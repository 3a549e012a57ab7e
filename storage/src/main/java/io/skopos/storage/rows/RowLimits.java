// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.storage.bytes.DamagedBytes;

/** Bounds of a block; writers keep to them, readers refuse more as damage. */
final class RowLimits {

  /** Rows of a block in a part. */
  static final int BLOCK_ROWS = 8192;

  /** A block in a part is closed once its values pass this. */
  static final long BLOCK_VALUE_BYTES = 1 << 20;

  /** Rows of any block, frames included. */
  static final int MAX_ROWS = 1 << 20;

  /** Bytes of values of any block. */
  static final long MAX_BLOCK_BYTES = 256L << 20;

  /** Columns of any block. */
  static final int MAX_COLUMNS = 1 << 16;

  /** Columns of one row; half a block's, so that any row fits behind others. */
  static final int MAX_ROW_COLUMNS = MAX_COLUMNS / 2;

  /** Bytes of one row's values; a page has to hold them. */
  static final int MAX_ROW_BYTES = 8 << 20;

  /** Rows times columns of any block: absent values take memory too. */
  static final long MAX_CELLS = 1 << 24;

  /** Rows times columns at which a block in a part is closed. */
  static final long BLOCK_CELLS = 1 << 20;

  /** Attributes of a block that have pages of their own; the others share one. */
  static final int ATTRIBUTE_PAGES = 128;

  /**
   * Bytes of a part's footer beyond which no attribute has a page of its own any more, so that the
   * largest part's footer stays readable.
   */
  static final long FOOTER_BYTES = 8 << 20;

  private RowLimits() {}

  static void checkCells(int rows, long columns) {
    if ((long) rows * columns > MAX_CELLS) {
      throw new DamagedBytes(
          rows + " rows of " + columns + " columns, at most " + MAX_CELLS + " values can be");
    }
  }
}
