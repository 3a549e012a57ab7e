// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.part.PageRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a row part's footer says: its blocks, and of each the columns' pages, bounds and filters.
 */
record RowFooter(List<Block> blocks) {

  private static final int VERSION = 1;

  /**
   * One block.
   *
   * @param tail the page of rare attributes; null when there are none
   */
  record Block(
      int rows,
      long minTime,
      long maxTime,
      PageRef times,
      Map<String, ColumnPages> columns,
      @Nullable PageRef tail) {}

  /**
   * Where a column lies.
   *
   * @param least of integers; 0 for other types
   * @param greatest of integers
   * @param filter null when there is none
   */
  record ColumnPages(
      ColumnType type, PageRef page, long least, long greatest, @Nullable PageRef filter) {}

  byte[] encode() {
    ByteWriter out = new ByteWriter(1024);
    Map<String, Integer> names = new LinkedHashMap<>();
    for (Block block : blocks) {
      block.columns().keySet().forEach(name -> names.putIfAbsent(name, names.size()));
    }
    out.int8(VERSION);
    out.varint(names.size());
    for (String name : names.keySet()) {
      byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
      out.sized(utf8, 0, utf8.length);
    }
    out.varint(blocks.size());
    for (Block block : blocks) {
      out.varint(block.rows());
      out.zigzag(block.minTime());
      out.zigzag(block.maxTime());
      page(block.times(), out);
      out.varint(block.columns().size());
      block
          .columns()
          .forEach((name, column) -> {
            out.varint(names.getOrDefault(name, 0));
            out.int8(column.type().code());
            page(column.page(), out);
            if (column.type() == ColumnType.INTEGER) {
              out.zigzag(column.least());
              out.zigzag(column.greatest());
            }
            optionalPage(column.filter(), out);
          });
      optionalPage(block.tail(), out);
    }
    return out.toByteArray();
  }

  static RowFooter decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes, 0, bytes.length);
    int version = in.uint8();
    if (version != VERSION) {
      throw new DamagedBytes("a row footer of version " + version);
    }
    List<String> names = new ArrayList<>();
    int nameCount = in.count(in.remaining(), "names");
    for (int i = 0; i < nameCount; i++) {
      names.add(new String(in.sized(), StandardCharsets.UTF_8));
    }
    List<Block> blocks = new ArrayList<>();
    int blockCount = in.count(in.remaining(), "blocks");
    for (int i = 0; i < blockCount; i++) {
      int rows = in.count(RowLimits.BLOCK_ROWS, "rows");
      long minTime = in.zigzag();
      long maxTime = in.zigzag();
      if (rows == 0 || minTime > maxTime) {
        throw new DamagedBytes(
            "a block of " + rows + " rows from " + minTime + " to " + maxTime + " in its unit");
      }
      PageRef times = page(in);
      Map<String, ColumnPages> columns = new HashMap<>();
      int columnCount = in.count(Math.min(RowLimits.MAX_COLUMNS, in.remaining()), "columns");
      RowLimits.checkCells(rows, columnCount);
      for (int j = 0; j < columnCount; j++) {
        int name = in.count(names.size() - 1L, "as a name's number");
        ColumnType type = ColumnType.ofCode(in.uint8());
        PageRef page = page(in);
        boolean bounds = type == ColumnType.INTEGER;
        long least = bounds ? in.zigzag() : 0;
        long greatest = bounds ? in.zigzag() : 0;
        columns.put(
            names.get(name), new ColumnPages(type, page, least, greatest, optionalPage(in)));
      }
      blocks.add(new Block(rows, minTime, maxTime, times, columns, optionalPage(in)));
    }
    if (in.remaining() > 0) {
      throw new DamagedBytes(in.remaining() + " bytes behind the last block");
    }
    return new RowFooter(blocks);
  }

  List<PageRef> pages() {
    List<PageRef> pages = new ArrayList<>();
    for (Block block : blocks) {
      pages.add(block.times());
      for (ColumnPages column : block.columns().values()) {
        pages.add(column.page());
        if (column.filter() != null) {
          pages.add(column.filter());
        }
      }
      if (block.tail() != null) {
        pages.add(block.tail());
      }
    }
    return pages;
  }

  long heapBytes() {
    long bytes = 64;
    for (Block block : blocks) {
      bytes += 128 + 160L * block.columns().size();
    }
    return bytes;
  }

  private static void page(PageRef page, ByteWriter out) {
    out.varint(page.offset());
    out.varint(page.storedLength());
    out.varint(page.length());
  }

  private static PageRef page(ByteReader in) {
    long offset = in.varint();
    return new PageRef(
        offset, in.count(Integer.MAX_VALUE, "stored bytes"), in.count(PageRef.MAX_LENGTH, "bytes"));
  }

  private static void optionalPage(@Nullable PageRef page, ByteWriter out) {
    out.int8(page == null ? 0 : 1);
    if (page != null) {
      page(page, out);
    }
  }

  private static @Nullable PageRef optionalPage(ByteReader in) {
    int kind = in.uint8();
    return switch (kind) {
      case 0 -> null;
      case 1 -> page(in);
      default -> throw new DamagedBytes("an optional page of kind " + kind);
    };
  }
}
