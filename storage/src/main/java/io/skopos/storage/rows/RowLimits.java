// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

/** Bounds of a block; writers keep to them, readers refuse more as damage. */
final class RowLimits {

  /** Rows of a block in a part. */
  static final int BLOCK_ROWS = 8192;

  /** A block in a part is closed once its values pass this. */
  static final long BLOCK_VALUE_BYTES = 1 << 20;

  /** Rows of any block, frames included. */
  static final int MAX_ROWS = 1 << 20;

  /** Bytes of one column of any block. */
  static final long MAX_BLOCK_BYTES = 256L << 20;

  /** Columns of any block. */
  static final int MAX_COLUMNS = 1 << 16;

  private RowLimits() {}
}
