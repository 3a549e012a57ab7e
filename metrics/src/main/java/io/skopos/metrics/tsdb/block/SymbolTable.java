// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The strings of an index. Of version 2 they are numbered, and the place of each {@link #STRIDE}th
 * is kept; of version 1 they are named by their place in the file. Strings looked up last are
 * remembered. Not thread-safe.
 */
final class SymbolTable {

  private static final int STRIDE = 32;
  static final int REMEMBERED = 64 << 10;

  private final PositionalFile file;
  private final Offsets places;
  private final Map<Long, String> remembered;

  /**
   * Where the strings are. Immutable.
   *
   * @param end behind the last one
   * @param offsets of each {@link #STRIDE}th; none in version 1
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Offsets(int version, int count, long end, long[] offsets) {

    static Offsets read(PositionalFile file, int version, long offset) throws IOException {
      long length = file.u32(offset) & 0xffff_ffffL;
      file.prefetch(offset, length);
      file.check(offset + 4, length, "the symbols");
      int count = file.u32(offset + 4);
      long end = offset + 4 + length;
      if (count < 0 || count > length) {
        throw file.damaged(offset + 4, count + " symbols have no room in " + length + " bytes");
      }
      if (version != 2) {
        return new Offsets(version, count, end, new long[0]);
      }
      long[] offsets = new long[count / STRIDE + 1];
      long at = offset + 8;
      for (int i = 0; i < count; i++) {
        if (i % STRIDE == 0) {
          offsets[i / STRIDE] = at;
        }
        at = skip(file, at, end);
      }
      return new Offsets(version, count, end, offsets);
    }
  }

  /**
   * @param most strings that are remembered
   */
  SymbolTable(PositionalFile file, Offsets places, int most) {
    this.file = file;
    this.places = places;
    this.remembered =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > most;
          }
        };
  }

  String text(long reference) throws IOException {
    String known = remembered.get(reference);
    if (known == null) {
      known = read(reference);
      remembered.put(reference, known);
    }
    return known;
  }

  private String read(long reference) throws IOException {
    long at = reference;
    if (places.version == 2) {
      if (reference < 0 || reference >= places.count) {
        throw file.damaged(places.end, "symbol " + reference + " of " + places.count);
      }
      at = places.offsets[(int) reference / STRIDE];
      for (int i = 0; i < reference % STRIDE; i++) {
        at = skip(file, at, places.end);
      }
    }
    long behind = skip(file, at, places.end);
    long length = behind - at - lengthBytes(at);
    int start = file.need(behind - length, (int) length);
    return new String(file.bytes(), start, (int) length, StandardCharsets.UTF_8);
  }

  private int lengthBytes(long at) throws IOException {
    int bytes = 1;
    while ((file.u8(at + bytes - 1) & 0x80) != 0) {
      bytes++;
    }
    return bytes;
  }

  /** Where the next symbol begins. */
  private static long skip(PositionalFile file, long at, long end) throws IOException {
    long length = 0;
    long position = at;
    int shift = 0;
    int next;
    do {
      next = file.u8(position++);
      length |= (long) (next & 0x7f) << shift;
      shift += 7;
    } while (next >= 0x80 && shift < 35);
    if (position + length > end) {
      throw file.damaged(at, "a symbol of " + length + " bytes does not end in the symbols");
    }
    return position + length;
  }
}
