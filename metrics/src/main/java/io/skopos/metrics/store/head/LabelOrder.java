// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Compares series of heads in label order, as {@link io.skopos.model.Labels#compareTo}, where their
 * bytes lie. Made once for a sort; not thread-safe.
 */
public final class LabelOrder {

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Cursor left = new Cursor();
  private final Cursor right = new Cursor();

  public int compare(DayHead head, int ordinal, DayHead other, int otherOrdinal) {
    head.labelsTo(ordinal, left);
    other.labelsTo(otherOrdinal, right);
    left.skipWhatBothShare(right);
    while (left.next()) {
      if (!right.next()) {
        return 1;
      }
      int order =
          compareText(
              left.segment,
              left.text,
              left.textLength,
              right.segment,
              right.text,
              right.textLength);
      if (order != 0) {
        return order;
      }
    }
    return right.next() ? -1 : 0;
  }

  private static int compareText(
      MemorySegment left,
      long leftAt,
      int leftLength,
      MemorySegment right,
      long rightAt,
      int rightLength) {
    int shared = Math.min(leftLength, rightLength);
    int i = 0;
    for (; i + 8 <= shared; i += 8) {
      long a = left.get(LONG, leftAt + i);
      long b = right.get(LONG, rightAt + i);
      if (a != b) {
        return Long.compareUnsigned(Long.reverseBytes(a), Long.reverseBytes(b));
      }
    }
    for (; i < shared; i++) {
      int order =
          Byte.compareUnsigned(
              left.get(ValueLayout.JAVA_BYTE, leftAt + i),
              right.get(ValueLayout.JAVA_BYTE, rightAt + i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(leftLength, rightLength);
  }

  /** Walks a series' names and values through the pieces they lie in. */
  static final class Cursor {

    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    private MemorySegment segment = NOTHING;
    private long at;
    private long end;
    private long text;
    private int textLength;

    // Pieces still to come: what stands between, and the end.
    private MemorySegment between = NOTHING;
    private long betweenAt;
    private int betweenLength;
    private MemorySegment whole = NOTHING;
    private long wholeAt;
    private long suffixAt;
    private int suffixLength;

    void toWhole(MemorySegment chunk, long from, int length) {
      segment = chunk;
      at = from;
      end = from + length;
      whole = chunk;
      wholeAt = from;
      betweenLength = 0;
      suffixLength = 0;
    }

    void toPieces(MemorySegment chunk, long from, int length, MemorySegment base, long baseAt) {
      int prefix = HeadLabels.prefix(chunk, from);
      segment = base;
      at = baseAt;
      end = baseAt + prefix;
      whole = base;
      wholeAt = baseAt;
      between = chunk;
      betweenAt = HeadLabels.betweenAt(from);
      betweenLength = HeadLabels.between(chunk, from);
      suffixAt = baseAt + HeadLabels.suffix(chunk, from);
      suffixLength = length - prefix - betweenLength;
    }

    /** Of the same whole bytes, both have the beginning up to where the first of them ends. */
    private void skipWhatBothShare(Cursor other) {
      if (whole.address() + wholeAt == other.whole.address() + other.wholeAt) {
        long shared = Math.min(end, other.end);
        at = shared;
        other.at = shared;
      }
    }

    private boolean next() {
      while (at == end) {
        if (betweenLength > 0) {
          segment = between;
          at = betweenAt;
          end = betweenAt + betweenLength;
          betweenLength = 0;
        } else if (suffixLength > 0) {
          segment = whole;
          at = suffixAt;
          end = suffixAt + suffixLength;
          suffixLength = 0;
        } else {
          return false;
        }
      }
      int length = segment.get(ValueLayout.JAVA_BYTE, at++);
      if (length < 0) {
        int shift = 7;
        length &= 0x7f;
        int next;
        do {
          next = segment.get(ValueLayout.JAVA_BYTE, at++);
          length |= (next & 0x7f) << shift;
          shift += 7;
        } while (next < 0);
      }
      text = at;
      textLength = length;
      at += length;
      return true;
    }
  }
}
