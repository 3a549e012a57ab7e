// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes rows, which come in the schema's order, as blocks of column pages. Not thread-safe. */
final class RowPartWriter {

  /** Roughly what the footer says about a column's page and filter. */
  private static final int PAGE_IN_FOOTER = 32;

  private final RowSchema schema;
  private final PartWriter out;
  private final ByteWriter buffer = new ByteWriter(1 << 16);
  private final RowBlockBuilder builder = new RowBlockBuilder();
  private final List<RowFooter.Block> blocks = new ArrayList<>();

  /** Columns with a page of their own, whose names the footer holds once. */
  private final Set<String> named = new HashSet<>();

  private long footerBytes;
  private long rows;
  private long minTime = Long.MAX_VALUE;
  private long maxTime = Long.MIN_VALUE;

  RowPartWriter(RowSchema schema, PartWriter out) {
    this.schema = schema;
    this.out = out;
  }

  /**
   * @param tombstone whether a hidden row leaves one; else it leaves nothing
   */
  void add(RowRef row, boolean tombstone) throws IOException {
    if (!row.hidden()) {
      builder.copy(row.block(), row.row());
    } else if (tombstone) {
      RowTombstones.add(schema, row.block(), row.row(), builder);
    } else {
      return;
    }
    if (builder.rows() >= RowLimits.BLOCK_ROWS
        || builder.valueBytes() >= RowLimits.BLOCK_VALUE_BYTES
        || builder.columns() >= RowLimits.MAX_ROW_COLUMNS
        || (long) builder.rows() * builder.columns() >= RowLimits.BLOCK_CELLS) {
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
    Map<String, Column.Bytes> rare = rare(block);
    for (Map.Entry<String, Column> entry : block.columns().entrySet()) {
      String name = entry.getKey();
      if (!rare.containsKey(name)) {
        columns.put(name, writeColumn(name, entry.getValue(), block.rows()));
        footerBytes += PAGE_IN_FOOTER + (named.add(name) ? name.length() : 0);
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

  /** Attributes for the page that they share: those of few rows, and whatever is too many. */
  private Map<String, Column.Bytes> rare(RowBlock block) {
    Map<String, Column.Bytes> attributes = new TreeMap<>();
    block
        .columns()
        .forEach((name, column) -> {
          if (column instanceof Column.Bytes bytes && schema.column(name) == null) {
            attributes.put(name, bytes);
          }
        });
    int own = footerBytes < RowLimits.FOOTER_BYTES ? RowLimits.ATTRIBUTE_PAGES : 0;
    attributes.entrySet().stream()
        .filter(attribute ->
            rowsWith(attribute.getValue(), block.rows()) >= block.rows() / AttributeTail.SHARE)
        .sorted(Comparator.comparingInt(attribute -> -rowsWith(attribute.getValue(), block.rows())))
        .limit(own)
        .map(Map.Entry::getKey)
        .toList()
        .forEach(attributes::remove);
    return attributes;
  }

  private static int rowsWith(Column column, int rows) {
    BitSet present = column.present();
    return present == null ? rows : present.cardinality();
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
