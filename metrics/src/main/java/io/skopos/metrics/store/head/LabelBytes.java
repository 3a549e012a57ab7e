// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Compares canonical label bytes that lie off the heap. */
final class LabelBytes {

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private LabelBytes() {}

  /** In label order, as {@link io.skopos.model.Labels#compareTo}. */
  static int compare(
      MemorySegment left,
      long leftAt,
      int leftLength,
      MemorySegment right,
      long rightAt,
      int rightLength) {
    long leftEnd = leftAt + leftLength;
    long rightEnd = rightAt + rightLength;
    while (leftAt < leftEnd && rightAt < rightEnd) {
      int leftText = left.get(ValueLayout.JAVA_BYTE, leftAt++);
      if (leftText < 0) {
        int shift = 7;
        leftText &= 0x7f;
        int next;
        do {
          next = left.get(ValueLayout.JAVA_BYTE, leftAt++);
          leftText |= (next & 0x7f) << shift;
          shift += 7;
        } while (next < 0);
      }
      int rightText = right.get(ValueLayout.JAVA_BYTE, rightAt++);
      if (rightText < 0) {
        int shift = 7;
        rightText &= 0x7f;
        int next;
        do {
          next = right.get(ValueLayout.JAVA_BYTE, rightAt++);
          rightText |= (next & 0x7f) << shift;
          shift += 7;
        } while (next < 0);
      }
      int order = compareText(left, leftAt, leftText, right, rightAt, rightText);
      if (order != 0) {
        return order;
      }
      leftAt += leftText;
      rightAt += rightText;
    }
    return Long.compare(leftEnd - leftAt, rightEnd - rightAt);
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
}
