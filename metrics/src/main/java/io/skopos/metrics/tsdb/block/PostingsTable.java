// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where an index has the postings of each label value: of each name every {@link #STRIDE}th value
 * with its place in the table is kept, the values between are read when they are looked up.
 * Immutable; thread-safe.
 */
final class PostingsTable {

  private static final int STRIDE = 32;

  private final SortedMap<byte[], Name> names;
  private final long all;

  /** A value and where its postings begin. */
  interface Visitor {

    /**
     * @param value valid during the call
     * @return false to stop
     */
    boolean value(byte[] value, long postings) throws IOException;
  }

  /**
   * The values of a label. Of version 1, whose table is in no order, all are kept.
   *
   * @param places of the values in the table; of version 1 of their postings
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Name(byte[][] values, long[] places, int count, boolean whole) {

    /** The last kept value that is not greater; negative when there is none. */
    int before(byte[] value) {
      int found = Arrays.binarySearch(values, value, Arrays::compareUnsigned);
      return found >= 0 ? found : -found - 2;
    }
  }

  private static final class Draft {
    final List<byte[]> values = new ArrayList<>();
    final List<Long> places = new ArrayList<>();
    int count;
  }

  private PostingsTable(SortedMap<byte[], Name> names, long all) {
    this.names = names;
    this.all = all;
  }

  static PostingsTable read(PositionalFile file, int version, long offset) throws IOException {
    long length = file.u32(offset) & 0xffff_ffffL;
    file.prefetch(offset, length);
    file.check(offset + 4, length, "the table of postings");
    long count = file.u32(offset + 4) & 0xffff_ffffL;
    TreeMap<byte[], Draft> drafts = new TreeMap<>(Arrays::compareUnsigned);
    Row row = new Row();
    long all = 0;
    long at = offset + 8;
    long end = offset + 4 + length;
    for (long i = 0; i < count; i++) {
      long place = at;
      at = row.read(file, at, end);
      if (row.name.length == 0) {
        all = row.postings;
        continue;
      }
      Draft draft = drafts.computeIfAbsent(row.name, _ -> new Draft());
      if (version == 1) {
        draft.values.add(row.value);
        draft.places.add(row.postings);
      } else if (draft.count % STRIDE == 0) {
        draft.values.add(row.value);
        draft.places.add(place);
      }
      draft.count++;
    }
    TreeMap<byte[], Name> names = new TreeMap<>(Arrays::compareUnsigned);
    drafts.forEach((name, draft) -> names.put(name, name(draft, version == 1)));
    return new PostingsTable(names, all);
  }

  private static Name name(Draft draft, boolean whole) {
    byte[][] values = draft.values.toArray(byte[][]::new);
    long[] places = draft.places.stream().mapToLong(Long::longValue).toArray();
    if (whole) {
      Integer[] order = new Integer[values.length];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (left, right) -> Arrays.compareUnsigned(values[left], values[right]));
      byte[][] sortedValues = new byte[values.length][];
      long[] sortedPlaces = new long[values.length];
      for (int i = 0; i < order.length; i++) {
        sortedValues[i] = values[order[i]];
        sortedPlaces[i] = places[order[i]];
      }
      return new Name(sortedValues, sortedPlaces, draft.count, true);
    }
    return new Name(values, places, draft.count, false);
  }

  /** Where the postings of all series begin; 0 when the index has none. */
  long all() {
    return all;
  }

  Collection<byte[]> names() {
    return names.keySet();
  }

  int valueCount(byte[] name) {
    Name known = names.get(name);
    return known == null ? 0 : known.count;
  }

  /** Where the value's postings begin; 0 when there is no such value. */
  long find(PositionalFile file, byte[] name, byte[] value) throws IOException {
    Name known = names.get(name);
    int kept = known == null ? -1 : known.before(value);
    if (known == null || kept < 0) {
      return 0;
    }
    if (known.whole) {
      return Arrays.equals(known.values[kept], value) ? known.places[kept] : 0;
    }
    Row row = new Row();
    long at = known.places[kept];
    int in = Math.min(STRIDE, known.count - kept * STRIDE);
    for (int i = 0; i < in; i++) {
      at = row.read(file, at, file.size());
      int order = Arrays.compareUnsigned(row.value, value);
      if (order == 0) {
        return row.postings;
      }
      if (order > 0) {
        return 0;
      }
    }
    return 0;
  }

  /** Visits the values of a label in their order. */
  void values(PositionalFile file, byte[] name, Visitor visitor) throws IOException {
    Name known = names.get(name);
    if (known == null) {
      return;
    }
    if (known.whole) {
      for (int i = 0; i < known.count; i++) {
        if (!visitor.value(known.values[i], known.places[i])) {
          return;
        }
      }
      return;
    }
    Row row = new Row();
    long at = known.places[0];
    file.prefetch(at, known.places[known.places.length - 1] - at + 1);
    for (int i = 0; i < known.count; i++) {
      at = row.read(file, at, file.size());
      if (!visitor.value(row.value, row.postings)) {
        return;
      }
    }
  }

  long heapBytes() {
    long bytes = 0;
    for (Name name : names.values()) {
      bytes += 160 + 8L * name.places.length;
      for (byte[] value : name.values) {
        bytes += 24 + value.length;
      }
    }
    return bytes;
  }

  /** One row of the table. */
  private static final class Row {

    /** A label's name or value is never longer in an index that anybody made. */
    private static final int MAX_TEXT = 16 << 20;

    byte[] name = {};
    byte[] value = {};
    long postings;
    private long position;

    /** Returns where the next one begins. */
    long read(PositionalFile file, long at, long end) throws IOException {
      position = at;
      long texts = number(file);
      if (texts != 2) {
        throw file.damaged(at, "a row of the table of postings with " + texts + " texts");
      }
      byte[] read = text(file, end);
      // The same array for all values of a name.
      if (!Arrays.equals(read, name)) {
        name = read;
      }
      value = text(file, end);
      postings = number(file);
      if (position > end) {
        throw file.damaged(at, "the table of postings ends within a row");
      }
      return position;
    }

    private byte[] text(PositionalFile file, long end) throws IOException {
      long length = number(file);
      if (length < 0 || length > MAX_TEXT || position + length > end) {
        throw file.damaged(position, "a text of " + length + " bytes in the table of postings");
      }
      int start = file.need(position, (int) length);
      position += length;
      return Arrays.copyOfRange(file.bytes(), start, start + (int) length);
    }

    private long number(PositionalFile file) throws IOException {
      long number = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        int next = file.u8(position++);
        number |= (long) (next & 0x7f) << shift;
        if (next < 0x80) {
          return number;
        }
      }
      throw file.damaged(position, "a number is longer than 9 bytes");
    }
  }
}
