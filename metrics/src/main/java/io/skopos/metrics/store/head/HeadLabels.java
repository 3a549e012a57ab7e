// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import io.skopos.metrics.store.SampleBatch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The label bytes of a head's series. Series of one target share most of their bytes: the buckets
 * of a histogram differ in {@code le}, the metrics of a container in their name. So label bytes are
 * either whole, or three pieces: the beginning and the end of other, whole ones, and what stands
 * between them. Pieces begin and end between names and values.
 *
 * <p>In pieces: address of the whole ones (4 bytes), how many bytes of their beginning count, where
 * in them the end begins, how many bytes stand between (2 bytes each), and these.
 *
 * <p>Adding belongs to the head's writer; what was added is read by any thread.
 */
final class HeadLabels {

  /** Of a length: the bytes are in pieces. */
  private static final int IN_PIECES = 1 << 31;

  private static final int PREFIX = 4;
  private static final int SUFFIX = 6;
  private static final int BETWEEN = 8;
  private static final int BETWEEN_BYTES = 10;

  /** Pieces have 16-bit lengths. */
  private static final int LONGEST_IN_PIECES = 0xffff;

  /** In a small head the one before is enough. */
  private static final int SERIES_WITHOUT_TABLE = 32;

  private static final int TABLE_SLOTS = 256;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Slab slab;

  // The writer's: whole bytes that others may be made of, as address and length in one word.
  private long latest;

  /** By the hash of what follows the first label, most often the metric's name. */
  private long[] bySameRest = {};

  private int count;
  private int[] ends = new int[16];

  // Where the pieces found last lie in the bytes to add.
  private int prefix;
  private int suffix;

  HeadLabels(Slab slab) {
    this.slab = slab;
  }

  /** Takes the bytes over: address and word of length, as one word that the other methods want. */
  long add(byte[] labels, int offset, int length) {
    count++;
    int items = findEnds(labels, offset, length);
    int rest = items > 2 ? ends[1] : 0;
    int slot = -1;
    long base = latest;
    int between = pieces(base, labels, offset, length, items);
    if (count > SERIES_WITHOUT_TABLE && rest > 0) {
      if (bySameRest.length == 0) {
        bySameRest = new long[TABLE_SLOTS];
      }
      long hash = SampleBatch.SERIES_HASH.hash64(labels, offset + rest, length - rest);
      slot = (int) hash & TABLE_SLOTS - 1;
      int first = between;
      int firstPrefix = prefix;
      int firstSuffix = suffix;
      between = pieces(bySameRest[slot], labels, offset, length, items);
      if (between < first) {
        base = bySameRest[slot];
      } else {
        between = first;
        prefix = firstPrefix;
        suffix = firstSuffix;
      }
    }
    if (BETWEEN_BYTES + between <= length / 3) {
      return addPieces(base, labels, offset, length, between);
    }
    int address = slab.allocate(Math.max(1, length));
    MemorySegment.copy(
        labels,
        offset,
        slab.chunk(address),
        ValueLayout.JAVA_BYTE,
        SlabPool.offset(address),
        length);
    long whole = word(address, length);
    if (length <= LONGEST_IN_PIECES) {
      latest = whole;
      if (slot >= 0) {
        bySameRest[slot] = whole;
      }
    }
    return whole;
  }

  private long addPieces(long base, byte[] labels, int offset, int length, int between) {
    int baseLength = (int) base;
    int address = slab.allocate(BETWEEN_BYTES + between);
    MemorySegment chunk = slab.chunk(address);
    long at = SlabPool.offset(address);
    chunk.set(INT, at, (int) (base >>> 32));
    chunk.set(SHORT, at + PREFIX, (short) prefix);
    chunk.set(SHORT, at + SUFFIX, (short) (baseLength - (length - suffix)));
    chunk.set(SHORT, at + BETWEEN, (short) between);
    MemorySegment.copy(
        labels, offset + prefix, chunk, ValueLayout.JAVA_BYTE, at + BETWEEN_BYTES, between);
    return word(address, length | IN_PIECES);
  }

  private static long word(int address, int length) {
    return (long) address << 32 | length & 0xffff_ffffL;
  }

  /** Where each name and value ends; gives their number. */
  private int findEnds(byte[] labels, int offset, int length) {
    int items = 0;
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int text = labels[at++];
      if (text < 0) {
        text &= 0x7f;
        int shift = 7;
        int next;
        do {
          next = labels[at++];
          text |= (next & 0x7f) << shift;
          shift += 7;
        } while (next < 0);
      }
      at += text;
      if (items == ends.length) {
        ends = Arrays.copyOf(ends, 2 * items);
      }
      ends[items++] = at - offset;
    }
    return items;
  }

  /**
   * Finds {@link #prefix} and {@link #suffix}, ends of items, between which the bytes differ from
   * the base's; gives the number of bytes between them, many when there is no base.
   */
  private int pieces(long base, byte[] labels, int offset, int length, int items) {
    prefix = 0;
    suffix = length;
    if (base == 0 || length > LONGEST_IN_PIECES) {
      return Integer.MAX_VALUE - BETWEEN_BYTES;
    }
    int address = (int) (base >>> 32);
    int baseLength = (int) base;
    MemorySegment chunk = slab.chunk(address);
    long baseAt = SlabPool.offset(address);
    int shared = Math.min(length, baseLength);
    int same = 0;
    while (same < shared
        && labels[offset + same] == chunk.get(ValueLayout.JAVA_BYTE, baseAt + same)) {
      same++;
    }
    int item = 0;
    while (item < items && ends[item] <= same) {
      prefix = ends[item++];
    }
    int sameEnd = 0;
    while (sameEnd < shared - prefix
        && labels[offset + length - 1 - sameEnd]
            == chunk.get(ValueLayout.JAVA_BYTE, baseAt + baseLength - 1 - sameEnd)) {
      sameEnd++;
    }
    int first = length - sameEnd;
    if (first <= prefix) {
      suffix = prefix;
    } else {
      while (ends[item] < first) {
        item++;
      }
      suffix = ends[item];
    }
    return suffix - prefix;
  }

  /** How many bytes the labels have. */
  static int length(int lengthWord) {
    return lengthWord & ~IN_PIECES;
  }

  private static boolean isInPieces(int lengthWord) {
    return lengthWord < 0;
  }

  boolean equal(int address, int lengthWord, byte[] labels, int offset, int length) {
    if (length(lengthWord) != length) {
      return false;
    }
    MemorySegment chunk = slab.chunk(address);
    long at = SlabPool.offset(address);
    if (!isInPieces(lengthWord)) {
      return equal(chunk, at, labels, offset, length);
    }
    int between = between(chunk, at);
    int before = prefix(chunk, at);
    if (!equal(chunk, at + BETWEEN_BYTES, labels, offset + before, between)) {
      return false;
    }
    int base = base(chunk, at);
    MemorySegment whole = slab.chunk(base);
    long wholeAt = SlabPool.offset(base);
    int after = before + between;
    return equal(whole, wholeAt + suffix(chunk, at), labels, offset + after, length - after)
        && equal(whole, wholeAt, labels, offset, before);
  }

  private static boolean equal(
      MemorySegment segment, long at, byte[] labels, int offset, int length) {
    return MemorySegment.mismatch(
            segment, at, at + length, MemorySegment.ofArray(labels), offset, offset + length)
        < 0;
  }

  /** Copies them to the array's beginning. */
  void copy(int address, int lengthWord, byte[] into) {
    int length = length(lengthWord);
    MemorySegment chunk = slab.chunk(address);
    long at = SlabPool.offset(address);
    if (!isInPieces(lengthWord)) {
      MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, at, into, 0, length);
      return;
    }
    int before = prefix(chunk, at);
    int between = between(chunk, at);
    int base = base(chunk, at);
    MemorySegment whole = slab.chunk(base);
    long wholeAt = SlabPool.offset(base);
    MemorySegment.copy(whole, ValueLayout.JAVA_BYTE, wholeAt, into, 0, before);
    MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, at + BETWEEN_BYTES, into, before, between);
    int after = before + between;
    MemorySegment.copy(
        whole, ValueLayout.JAVA_BYTE, wholeAt + suffix(chunk, at), into, after, length - after);
  }

  /** Puts a cursor at their beginning. */
  void to(int address, int lengthWord, LabelOrder.Cursor cursor) {
    MemorySegment chunk = slab.chunk(address);
    long at = SlabPool.offset(address);
    if (isInPieces(lengthWord)) {
      int base = base(chunk, at);
      cursor.toPieces(chunk, at, length(lengthWord), slab.chunk(base), SlabPool.offset(base));
    } else {
      cursor.toWhole(chunk, at, lengthWord);
    }
  }

  private static int base(MemorySegment chunk, long at) {
    return chunk.get(INT, at);
  }

  static int prefix(MemorySegment chunk, long at) {
    return chunk.get(SHORT, at + PREFIX) & 0xffff;
  }

  /** Where in the whole bytes the last piece begins. */
  static int suffix(MemorySegment chunk, long at) {
    return chunk.get(SHORT, at + SUFFIX) & 0xffff;
  }

  static int between(MemorySegment chunk, long at) {
    return chunk.get(SHORT, at + BETWEEN) & 0xffff;
  }

  static long betweenAt(long at) {
    return at + BETWEEN_BYTES;
  }

  long heapBytes() {
    return 64 + 8L * bySameRest.length + 4L * ends.length;
  }
}
