// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A whole block as bytes that need nothing else, as frames hold it (docs/formats/rows-frame.md).
 */
final class BlockCodec {

  private static final int VERSION = 1;

  private BlockCodec() {}

  static void encode(RowBlock block, ByteWriter out) {
    out.int8(VERSION);
    out.varint(block.rows());
    ColumnCodec.integers(block.times(), block.rows(), out);
    out.varint(block.columns().size());
    block
        .columns()
        .forEach((name, column) -> {
          byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
          out.sized(utf8, 0, utf8.length);
          out.int8(column.type().code());
          ColumnCodec.encode(column, block.rows(), out);
        });
  }

  /**
   * @throws DamagedBytes when the bytes are not a block
   */
  static RowBlock decode(byte[] bytes, int length) {
    ByteReader in = new ByteReader(bytes, 0, length);
    int version = in.uint8();
    if (version != VERSION) {
      throw new DamagedBytes("a block of version " + version);
    }
    int rows = in.count(RowLimits.MAX_ROWS, "rows");
    long[] times = ColumnCodec.integers(rows, in);
    int count = in.count(Math.min(RowLimits.MAX_COLUMNS, in.remaining()), "columns");
    RowLimits.checkCells(rows, count + 1L);
    Map<String, Column> columns = new HashMap<>();
    long valueBytes = 0;
    for (int i = 0; i < count; i++) {
      String name = new String(in.sized(), StandardCharsets.UTF_8);
      ColumnType type = ColumnType.ofCode(in.uint8());
      Column column = ColumnCodec.decode(type, rows, in);
      if (column instanceof Column.Bytes text) {
        valueBytes += text.data().length;
      }
      if (valueBytes > RowLimits.MAX_BLOCK_BYTES) {
        throw new DamagedBytes("a block of more than " + RowLimits.MAX_BLOCK_BYTES + " bytes");
      }
      if (columns.put(name, column) != null) {
        throw new DamagedBytes("column " + name + " twice");
      }
    }
    if (in.remaining() > 0) {
      throw new DamagedBytes(in.remaining() + " bytes behind the last column");
    }
    return new RowBlock(times, columns);
  }
}
