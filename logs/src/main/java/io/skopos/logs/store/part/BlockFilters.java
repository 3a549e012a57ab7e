// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.pages.Page;
import io.skopos.storage.part.PageList;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The filters of a part's blocks, by group. Immutable; thread-safe. */
final class BlockFilters {

  private record Group(int bits, int blocks, PageList pages) {}

  private final List<Group> groups = new ArrayList<>();

  BlockFilters(ByteReader in, long partLength) {
    int count = in.count(in.remaining() / 3, "groups of filters");
    for (int i = 0; i < count; i++) {
      int bits = in.count(1 << 27, "bits of a filter");
      int blocks = in.count(FilterWriter.MOST_BLOCKS, "blocks of a group");
      PageList pages = PageList.read(in, partLength);
      int rowBytes = FilterWriter.rowBytes(Math.max(1, blocks));
      int rows = FilterWriter.rowsPerPage(rowBytes);
      if (bits == 0 || blocks == 0 || pages.count() != (bits + rows - 1) / rows) {
        throw new DamagedBytes(pages.count() + " pages of filters of " + bits + " bits");
      }
      groups.add(new Group(bits, blocks, pages));
    }
  }

  int count() {
    return groups.size();
  }

  void addPages(List<PageRef> into) {
    groups.forEach(group -> group.pages.addTo(into));
  }

  long heapBytes() {
    return groups.stream().mapToLong(group -> 48 + group.pages.heapBytes()).sum();
  }

  /** The blocks of a group, by their columns, whose texts may have all these grams. */
  BitSet blocks(PartReader reader, int number, long[] grams) throws IOException {
    Group group = groups.get(number);
    int rowBytes = FilterWriter.rowBytes(group.blocks);
    byte[] all = new byte[rowBytes];
    java.util.Arrays.fill(all, (byte) -1);
    byte[] row = new byte[rowBytes];
    for (long gram : grams) {
      and(reader, group, FilterBits.first(gram, group.bits), all, row);
      if (!and(reader, group, FilterBits.second(gram, group.bits), all, row)) {
        return new BitSet();
      }
    }
    return BitSet.valueOf(all);
  }

  /** False when nothing is left. */
  private static boolean and(PartReader reader, Group group, int bit, byte[] all, byte[] row)
      throws IOException {
    int rowsPerPage = FilterWriter.rowsPerPage(row.length);
    PageRef ref = group.pages.ref(bit / rowsPerPage);
    int at = bit % rowsPerPage * row.length;
    if (at + row.length > ref.length()) {
      throw new DamagedBytes("a page of filters has " + ref.length() + " bytes");
    }
    try (Page page = reader.page(ref)) {
      MemorySegment.copy(page.bytes(), ValueLayout.JAVA_BYTE, at, row, 0, row.length);
    }
    int left = 0;
    for (int i = 0; i < row.length; i++) {
      all[i] &= row[i];
      left |= all[i];
    }
    return left != 0;
  }

  /** The filters of all blocks of a group. */
  long[][] all(PartReader reader, int number) throws IOException {
    Group group = groups.get(number);
    int rowBytes = FilterWriter.rowBytes(group.blocks);
    int rowsPerPage = FilterWriter.rowsPerPage(rowBytes);
    long[][] filters = new long[rowBytes * 8][group.bits / 64];
    byte[] rows = new byte[rowsPerPage * rowBytes];
    for (int i = 0; i < group.pages.count(); i++) {
      PageRef ref = group.pages.ref(i);
      int first = i * rowsPerPage;
      int count = Math.min(rowsPerPage, group.bits - first);
      if (ref.length() != count * rowBytes) {
        throw new DamagedBytes("a page of filters has " + ref.length() + " bytes");
      }
      try (Page page = reader.page(ref)) {
        MemorySegment.copy(page.bytes(), ValueLayout.JAVA_BYTE, 0, rows, 0, ref.length());
      }
      int at = 0;
      for (int row = first; row < first + count; row++) {
        for (int column = 0; column < rowBytes * 8; column += 8) {
          for (int bits = rows[at++] & 0xff; bits != 0; bits &= bits - 1) {
            filters[column + Integer.numberOfTrailingZeros(bits)][row >>> 6] |= 1L << row;
          }
        }
      }
    }
    return filters;
  }

  boolean has(int group, int column) {
    return group >= 0 && group < groups.size() && column < groups.get(group).blocks;
  }
}
