// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.storage.bytes.DamagedBytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads pages that {@link EntryPageWriter} wrote; checks each offset it follows. */
public final class EntryPage {

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private EntryPage() {}

  /** How many entries the page has. */
  public static int count(MemorySegment page) {
    if (page.byteSize() < 4) {
      throw new DamagedBytes("an entry page of " + page.byteSize() + " bytes");
    }
    int head = page.get(INT, 0);
    long count = Integer.toUnsignedLong(head) >>> 1;
    int width = (head & 1) == 0 ? 2 : 4;
    if (4 + count * width > page.byteSize()) {
      throw new DamagedBytes(count + " entries in a page of " + page.byteSize() + " bytes");
    }
    return (int) count;
  }

  /** Where the entry's bytes begin in the page. */
  public static int start(MemorySegment page, long entry) {
    return bound(page, entry - 1);
  }

  /** Where they end. */
  public static int end(MemorySegment page, long entry) {
    int start = bound(page, entry - 1);
    int end = bound(page, entry);
    if (end < start) {
      throw new DamagedBytes("entry " + entry + " goes from " + start + " to " + end);
    }
    return end;
  }

  /** A copy of one entry's bytes in {@code into}, or in a larger new array. */
  public static byte[] copy(MemorySegment page, int start, int end, byte[] into) {
    int length = end - start;
    byte[] target = into.length >= length ? into : new byte[Math.max(length, into.length * 2)];
    MemorySegment.copy(page, ValueLayout.JAVA_BYTE, start, target, 0, length);
    return target;
  }

  private static int bound(MemorySegment page, long entry) {
    int count = count(page);
    if (entry >= count || entry < -1) {
      throw new DamagedBytes("entry " + entry + " of " + count);
    }
    boolean wide = (page.get(INT, 0) & 1) != 0;
    int data = 4 + count * (wide ? 4 : 2);
    int relative = 0;
    if (entry >= 0) {
      relative = wide ? page.get(INT, 4 + 4 * entry) : page.get(SHORT, 4 + 2 * entry) & 0xffff;
    }
    if (relative < 0 || relative > page.byteSize() - data) {
      throw new DamagedBytes("an entry ends at " + relative + ", behind its page's end");
    }
    return data + relative;
  }
}
