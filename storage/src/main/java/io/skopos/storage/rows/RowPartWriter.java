// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes rows, which come in the schema's order, as blocks of column pages. Not thread-safe. */
final class RowPartWriter {

  private final RowSchema schema;
  private final PartWriter out;
  private final ByteWriter buffer = new ByteWriter(1 << 16);
  private final RowBlockBuilder builder = new RowBlockBuilder();
  private final List<RowFooter.Block> blocks = new ArrayList<>();
  private long rows;
  private long minTime = Long.MAX_VALUE;
  private long maxTime = Long.MIN_VALUE;

  RowPartWriter(RowSchema schema, PartWriter out) {
    this.schema = schema;
    this.out = out;
  }

  void add(RowBlock block, int row) throws IOException {
    builder.copy(block, row);
    if (builder.rows() >= RowLimits.BLOCK_ROWS
        || builder.valueBytes() >= RowLimits.BLOCK_VALUE_BYTES) {
      writeBlock(builder.build());
    }
  }

  long rows() {
    return rows + builder.rows();
  }

  PartEntry finish(long minPosition, long maxPosition, int level) throws IOException {
    if (builder.rows() > 0) {
      writeBlock(builder.build());
    }
    return out.finish(
        new RowFooter(blocks).encode(),
        new PartWriter.Summary(
            rows, schema.toMs(minTime), schema.toMs(maxTime), minPosition, maxPosition, level));
  }

  private void writeBlock(RowBlock block) throws IOException {
    rows += block.rows();
    minTime = Math.min(minTime, block.minTime());
    maxTime = Math.max(maxTime, block.maxTime());
    buffer.clear();
    ColumnCodec.integers(block.times(), block.rows(), buffer);
    PageRef times = page(PartWriter.Codec.COMPRESSED);
    Map<String, RowFooter.ColumnPages> columns = new TreeMap<>();
    Map<String, Column.Bytes> rare = new TreeMap<>();
    for (Map.Entry<String, Column> entry : block.columns().entrySet()) {
      String name = entry.getKey();
      Column column = entry.getValue();
      if (column instanceof Column.Bytes bytes
          && schema.column(name) == null
          && bytes.present() != null
          && bytes.present().cardinality() < block.rows() / AttributeTail.SHARE) {
        rare.put(name, bytes);
      } else {
        columns.put(name, writeColumn(name, column, block.rows()));
      }
    }
    PageRef tail = null;
    if (!rare.isEmpty()) {
      buffer.clear();
      AttributeTail.encode(rare, block.rows(), buffer);
      tail = page(PartWriter.Codec.COMPRESSED);
    }
    blocks.add(
        new RowFooter.Block(block.rows(), block.minTime(), block.maxTime(), times, columns, tail));
  }

  private RowFooter.ColumnPages writeColumn(String name, Column column, int count)
      throws IOException {
    buffer.clear();
    ColumnCodec.encode(column, count, buffer);
    PageRef page = page(PartWriter.Codec.COMPRESSED);
    long least = Long.MAX_VALUE;
    long greatest = Long.MIN_VALUE;
    if (column instanceof Column.Integers integers) {
      for (int row = 0; row < count; row++) {
        if (integers.has(row)) {
          least = Math.min(least, integers.values()[row]);
          greatest = Math.max(greatest, integers.values()[row]);
        }
      }
    }
    return new RowFooter.ColumnPages(
        column.type(), page, least, greatest, filter(name, column, count));
  }

  private @Nullable PageRef filter(String name, Column column, int count) throws IOException {
    if (!(column instanceof Column.Bytes bytes) || !schema.searched(name)) {
      return null;
    }
    SubstringFilter.Builder grams = new SubstringFilter.Builder(SubstringFilter.SHAPE);
    for (int row = 0; row < count; row++) {
      grams.add(bytes.data(), bytes.start(row), bytes.end(row));
    }
    buffer.clear();
    grams.build().encode(buffer);
    return page(PartWriter.Codec.RAW);
  }

  private PageRef page(PartWriter.Codec codec) throws IOException {
    return out.page(buffer.bytes, 0, buffer.size, codec);
  }
}
