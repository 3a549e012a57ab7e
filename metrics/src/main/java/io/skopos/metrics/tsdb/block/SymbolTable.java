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
  private static final int REMEMBERED = 64 << 10;

  private final PositionalFile file;
  private final int version;
  private final int count;
  private final long end;
  private long[] offsets = {};
  private final Map<Long, String> remembered =
      new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  SymbolTable(PositionalFile file, int version, long offset) throws IOException {
    this.file = file;
    this.version = version;
    long length = file.u32(offset) & 0xffff_ffffL;
    file.check(offset + 4, length, "the symbols");
    count = file.u32(offset + 4);
    end = offset + 4 + length;
    if (count < 0 || count > length) {
      throw file.damaged(offset + 4, count + " symbols have no room in " + length + " bytes");
    }
    if (version == 2) {
      offsets = new long[count / STRIDE + 1];
      long at = offset + 8;
      for (int i = 0; i < count; i++) {
        if (i % STRIDE == 0) {
          offsets[i / STRIDE] = at;
        }
        at = skip(at);
      }
    }
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
    if (version == 2) {
      if (reference < 0 || reference >= count) {
        throw file.damaged(end, "symbol " + reference + " of " + count);
      }
      at = offsets[(int) reference / STRIDE];
      for (int i = 0; i < reference % STRIDE; i++) {
        at = skip(at);
      }
    }
    long behind = skip(at);
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
  private long skip(long at) throws IOException {
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
