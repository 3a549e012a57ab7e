// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.pages.Page;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.Parts;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An open row part. Thread-safe. */
final class RowPart implements Parts.Opened {

  private final RowSchema schema;
  private final PartReader reader;
  private final RowFooter footer;

  private RowPart(RowSchema schema, PartReader reader, RowFooter footer) {
    this.schema = schema;
    this.reader = reader;
    this.footer = footer;
  }

  static RowPart open(RowSchema schema, PartReader reader) throws IOException {
    try {
      RowFooter footer = RowFooter.decode(reader.footer());
      for (RowFooter.Block block : footer.blocks()) {
        block.columns().forEach((name, column) -> check(schema, name, column.type()));
      }
      return new RowPart(schema, reader, footer);
    } catch (DamagedBytes e) {
      throw reader.damaged(0, reader.entry().length(), "row footer: " + e.getMessage());
    }
  }

  private static void check(RowSchema schema, String name, ColumnType type) {
    if (!schema.allows(name, type)) {
      throw new DamagedBytes("column '" + name + "' cannot hold " + type);
    }
  }

  @Override
  public long heapBytes() {
    return footer.heapBytes();
  }

  int blocks() {
    return footer.blocks().size();
  }

  RowFooter.Block block(int number) {
    return footer.blocks().get(number);
  }

  /**
   * The rows of a block that fit; null when none does. Columns that no condition needs are not
   * read.
   */
  @Nullable Candidate filter(int number, long fromTime, long toTime, List<RowCondition> conditions)
      throws IOException {
    RowFooter.Block block = footer.blocks().get(number);
    if (block.minTime() > toTime || block.maxTime() < fromTime || excluded(block, conditions)) {
      return null;
    }
    Candidate candidate = new Candidate(block);
    BitSet rows = candidate.rows;
    rows.set(0, block.rows());
    if (block.minTime() < fromTime || block.maxTime() > toTime) {
      long[] times = candidate.times();
      for (int row = 0; row < block.rows(); row++) {
        if (times[row] < fromTime || times[row] > toTime) {
          rows.clear(row);
        }
      }
    }
    for (RowCondition condition : conditions) {
      if (rows.isEmpty()) {
        return null;
      }
      Column column = candidate.column(condition.column());
      for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
        if (!condition.fits(column, row)) {
          rows.clear(row);
        }
      }
    }
    return rows.isEmpty() ? null : candidate;
  }

  private boolean excluded(RowFooter.Block block, List<RowCondition> conditions)
      throws IOException {
    for (RowCondition condition : conditions) {
      RowFooter.ColumnPages column = block.columns().get(condition.column());
      if (column == null) {
        continue;
      }
      if (condition instanceof RowCondition.Between between
          && column.type() == ColumnType.INTEGER
          && (between.least() > column.greatest() || between.greatest() < column.least())) {
        return true;
      }
      byte[] needle = condition.needle();
      if (needle != null
          && column.filter() != null
          && !filter(condition.column(), column.filter()).mayContain(needle)) {
        return true;
      }
    }
    return false;
  }

  private SubstringFilter filter(String column, PageRef page) throws IOException {
    return decoding("filter of " + column, page, SubstringFilter::decode);
  }

  private <T> T decoding(String what, PageRef page, Decoding<T> decoding) throws IOException {
    ByteReader in = read(page);
    try {
      return decoding.decode(in);
    } catch (DamagedBytes e) {
      throw reader.damaged(page.offset(), page.storedLength(), what + ": " + e.getMessage());
    }
  }

  private ByteReader read(PageRef ref) throws IOException {
    try (Page page = reader.page(ref)) {
      byte[] bytes = page.bytes().toArray(ValueLayout.JAVA_BYTE);
      return new ByteReader(bytes, 0, bytes.length);
    }
  }

  /** A block while it is being looked at: columns are read when asked for. Not thread-safe. */
  final class Candidate {

    final BitSet rows = new BitSet();
    private final RowFooter.Block block;
    private final Map<String, Column> read = new HashMap<>();
    private long @Nullable [] times;
    private @Nullable Map<String, Column> tail;

    private Candidate(RowFooter.Block block) {
      this.block = block;
    }

    long[] times() throws IOException {
      long[] known = times;
      if (known == null) {
        known = decoding("times", block.times(), in -> ColumnCodec.integers(block.rows(), in));
        times = known;
      }
      return known;
    }

    @Nullable Column column(String name) throws IOException {
      Column known = read.get(name);
      if (known != null) {
        return known;
      }
      RowFooter.ColumnPages pages = block.columns().get(name);
      if (pages == null) {
        return block.tail() == null ? null : tail().get(name);
      }
      Column column =
          decoding(name, pages.page(), in -> ColumnCodec.decode(pages.type(), block.rows(), in));
      read.put(name, column);
      return column;
    }

    /** All columns of the block. */
    RowBlock whole() throws IOException {
      Map<String, Column> columns = new HashMap<>();
      for (String name : block.columns().keySet()) {
        Column column = column(name);
        if (column != null) {
          columns.put(name, column);
        }
      }
      if (block.tail() != null) {
        columns.putAll(tail());
      }
      return new RowBlock(times(), columns);
    }

    private Map<String, Column> tail() throws IOException {
      Map<String, Column> known = tail;
      if (known == null) {
        PageRef page = block.tail();
        known = page == null ? Map.of() : decoding("rare attributes", page, this::decodeTail);
        tail = known;
      }
      return known;
    }

    private Map<String, Column> decodeTail(ByteReader in) {
      Map<String, Column> attributes = AttributeTail.decode(block.rows(), in);
      attributes.forEach((name, column) -> check(schema, name, column.type()));
      return attributes;
    }
  }

  /** Makes something of a page's bytes. */
  private interface Decoding<T> {
    T decode(ByteReader page);
  }
}
