// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Attributes that few rows of a block have, together in one page: row numbers and values per name.
 */
final class AttributeTail {

  /** An attribute with fewer values than rows/SHARE of a block goes into the tail. */
  static final int SHARE = 32;

  private AttributeTail() {}

  static void encode(Map<String, Column.Bytes> attributes, int rows, ByteWriter out) {
    out.varint(attributes.size());
    attributes.forEach((name, column) -> {
      byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
      out.sized(utf8, 0, utf8.length);
      BitSet present = new BitSet();
      for (int row = 0; row < rows; row++) {
        present.set(row, column.has(row));
      }
      long[] numbers = present.stream().asLongStream().toArray();
      byte[] data = column.data();
      int[] ends = present.stream().map(column::end).toArray();
      out.varint(numbers.length);
      ColumnCodec.integers(numbers, numbers.length, out);
      ColumnCodec.encode(new Column.Bytes(data, ends, null), ends.length, out);
    });
  }

  static Map<String, Column> decode(int rows, ByteReader in) {
    Map<String, Column> attributes = new HashMap<>();
    int count = in.count(Math.min(RowLimits.MAX_COLUMNS, in.remaining()), "attributes");
    RowLimits.checkCells(rows, count);
    for (int i = 0; i < count; i++) {
      String name = new String(in.sized(), StandardCharsets.UTF_8);
      int values = in.count(rows, "values");
      long[] numbers = ColumnCodec.integers(values, in);
      Column.Bytes packed = (Column.Bytes) ColumnCodec.decode(ColumnType.BYTES, values, in);
      BitSet present = new BitSet(rows);
      int[] ends = new int[rows];
      int next = 0;
      for (int row = 0; row < rows; row++) {
        if (next < values && numbers[next] == row) {
          present.set(row);
          next++;
        }
        ends[row] = next == 0 ? 0 : packed.end(next - 1);
      }
      if (next != values) {
        throw new DamagedBytes("row numbers of " + name + " do not ascend within " + rows);
      }
      if (packed.present() != null) {
        throw new DamagedBytes("absent values among those of " + name);
      }
      if (attributes.put(name, new Column.Bytes(packed.data(), ends, present)) != null) {
        throw new DamagedBytes("attribute " + name + " twice");
      }
    }
    if (in.remaining() > 0) {
      throw new DamagedBytes(in.remaining() + " bytes behind the last attribute");
    }
    return attributes;
  }
}
