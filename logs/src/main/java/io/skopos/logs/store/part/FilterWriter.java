// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.part.PageList;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the filters of blocks side by side, those of one size in groups of up to 256: row after row,
 * the same bit of each. Who asks for a gram reads two rows instead of every block's filter. Not
 * thread-safe.
 */
final class FilterWriter {

  static final int MOST_BLOCKS = 256;
  static final int PAGE = 16 << 10;

  private final PartWriter out;
  private final List<Group> groups = new ArrayList<>();
  private final Map<Integer, Group> open = new HashMap<>();

  private static final class Group {
    final int number;
    final int bits;
    final List<long[]> filters = new ArrayList<>();
    final PageList.Writer pages = new PageList.Writer();
    int blocks;

    Group(int number, int bits) {
      this.number = number;
      this.bits = bits;
    }
  }

  FilterWriter(PartWriter out) {
    this.out = out;
  }

  /** Remembers a block's filter, and in the block's entry where it will be. */
  void add(long[] filter, BlockEntry entry) throws IOException {
    int bits = filter.length * 64;
    Group group = open.get(bits);
    if (group == null) {
      group = new Group(groups.size(), bits);
      groups.add(group);
      open.put(bits, group);
    }
    entry.filterGroup = group.number;
    entry.filterColumn = group.blocks++;
    group.filters.add(filter);
  }

  /** Writes groups that are full; not while a block is being written. */
  void writeFull() throws IOException {
    for (Group group : List.copyOf(open.values())) {
      if (group.blocks == MOST_BLOCKS) {
        write(group);
      }
    }
  }

  static int rowBytes(int blocks) {
    return (blocks + 7) / 8;
  }

  static int rowsPerPage(int rowBytes) {
    return PAGE / rowBytes;
  }

  private void write(Group group) throws IOException {
    open.remove(group.bits);
    int rowBytes = rowBytes(group.blocks);
    int rowsPerPage = rowsPerPage(rowBytes);
    byte[] page = new byte[rowsPerPage * rowBytes];
    for (int from = 0; from < group.bits; from += rowsPerPage) {
      int rows = Math.min(rowsPerPage, group.bits - from);
      java.util.Arrays.fill(page, (byte) 0);
      for (int block = 0; block < group.blocks; block++) {
        long[] filter = group.filters.get(block);
        int at = block >>> 3;
        int bit = 1 << (block & 7);
        int word = from >>> 6;
        long rest = filter[word] & -1L << from;
        while (true) {
          while (rest != 0) {
            int row = (word << 6) + Long.numberOfTrailingZeros(rest) - from;
            if (row >= rows) {
              break;
            }
            page[row * rowBytes + at] |= (byte) bit;
            rest &= rest - 1;
          }
          word++;
          if (word << 6 >= from + rows) {
            break;
          }
          rest = filter[word];
        }
      }
      PageRef ref = out.page(page, 0, rows * rowBytes, PartWriter.Codec.RAW);
      group.pages.add(ref, from);
    }
    group.filters.clear();
  }

  /** Writes what is left, and where all of it is. */
  void finish(ByteWriter section) throws IOException {
    for (Group group : List.copyOf(open.values())) {
      write(group);
    }
    section.varint(groups.size());
    for (Group group : groups) {
      section.varint(group.bits);
      section.varint(group.blocks);
      group.pages.finish(section);
    }
  }
}
