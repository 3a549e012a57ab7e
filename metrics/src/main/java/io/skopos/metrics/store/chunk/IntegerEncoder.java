// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import static io.skopos.metrics.store.chunk.IntegerFormat.AGAINST_FIRST;
import static io.skopos.metrics.store.chunk.IntegerFormat.DELTA;
import static io.skopos.metrics.store.chunk.IntegerFormat.DELTA_OF_DELTA;
import static io.skopos.metrics.store.chunk.IntegerFormat.HAS_BASE;
import static io.skopos.metrics.store.chunk.IntegerFormat.HAS_DIVISOR;
import static io.skopos.metrics.store.chunk.IntegerFormat.HAS_EXCEPTIONS;
import static io.skopos.metrics.store.chunk.IntegerFormat.HAS_MASK;

import io.skopos.storage.bytes.ByteWriter;

/**
 * Writes a column of longs in the cheapest of the ways of {@link IntegerFormat}: each is costed,
 * then one is written. Reusable, not thread-safe.
 */
public final class IntegerEncoder {

  private final ResidualPlan trial = new ResidualPlan();
  private final ResidualPlan best = new ResidualPlan();
  private int bestOrder;
  private boolean bestMasked;
  private long[] first = new long[256];
  private long[] delta = new long[256];
  private long[] second = new long[256];
  private long[] nonZero = new long[256];
  private long[] packed = new long[256];

  /** How the column encoded last was written, for figures. */
  int lastHead;

  /**
   * @param count at least 1; the reader is told it from elsewhere
   */
  public void encode(long[] values, int from, int count, ByteWriter out) {
    ensure(count);
    int deltas = count - 1;
    long divisor = residuals(values, from, count);
    best.cost = Long.MAX_VALUE;
    consider(DELTA, delta, deltas, 0);
    if (best.width > 0 || best.exceptions > 0) {
      considerMasked(deltas);
      if (deltas > 1) {
        int secondStart = 8 * ByteWriter.zigzagSize(delta[0]);
        consider(DELTA_OF_DELTA, second, deltas - 1, secondStart);
      }
      againstFirst(count);
      consider(AGAINST_FIRST, first, deltas, 0);
    }
    write(values[from], deltas, divisor, out);
  }

  /** Fills the differences, divided by what divides them all; returns that. */
  private long residuals(long[] values, int from, int count) {
    long divisor = 0;
    long before = values[from];
    for (int i = 1; i < count; i++) {
      long value = values[from + i];
      long difference = value - before;
      delta[i - 1] = difference;
      before = value;
      if (divisor != 1 && difference != 0) {
        divisor = greatestCommonDivisor(divisor, difference);
      }
    }
    if (divisor > 1) {
      int shift = Long.numberOfTrailingZeros(divisor);
      boolean powerOfTwo = divisor == 1L << shift;
      for (int i = 0; i < count - 1; i++) {
        delta[i] = powerOfTwo ? delta[i] >> shift : delta[i] / divisor;
      }
    } else {
      divisor = 1;
    }
    for (int i = 1; i < count - 1; i++) {
      second[i - 1] = delta[i] - delta[i - 1];
    }
    return divisor;
  }

  private void againstFirst(int count) {
    long sum = 0;
    for (int i = 0; i < count - 1; i++) {
      sum += delta[i];
      first[i] = sum;
    }
  }

  private void consider(int order, long[] residuals, int count, int extraBits) {
    trial.of(residuals, count);
    trial.cost += extraBits;
    if (trial.cost < best.cost) {
      best.copyFrom(trial);
      bestOrder = order;
      bestMasked = false;
    }
  }

  private void considerMasked(int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      nonZero[kept] = delta[i];
      kept += delta[i] == 0 ? 0 : 1;
    }
    if (count - kept <= count / 16) {
      return;
    }
    trial.of(nonZero, kept);
    trial.cost += 8L * ((count + 7) >>> 3);
    if (trial.cost < best.cost) {
      best.copyFrom(trial);
      bestOrder = DELTA;
      bestMasked = true;
    }
  }

  private void write(long firstValue, int deltas, long divisor, ByteWriter out) {
    int head = bestOrder;
    head |= bestMasked ? HAS_MASK : 0;
    head |= best.exceptions > 0 ? HAS_EXCEPTIONS : 0;
    head |= divisor != 1 ? HAS_DIVISOR : 0;
    head |= best.base != 0 ? HAS_BASE : 0;
    lastHead = head;
    out.int8(head);
    out.int8(best.width);
    out.zigzag(firstValue);
    long[] residuals = bestOrder == DELTA ? delta : bestOrder == AGAINST_FIRST ? first : second;
    int count = deltas;
    if (bestOrder == DELTA_OF_DELTA) {
      out.zigzag(delta[0]);
      count = deltas - 1;
    }
    if (divisor != 1) {
      out.varint(divisor);
    }
    if (best.base != 0) {
      out.zigzag(best.base);
    }
    if (best.exceptions > 0) {
      out.varint(best.exceptions);
    }
    if (bestMasked) {
      count = mask(count, out);
      residuals = nonZero;
    }
    for (int i = 0; i < count; i++) {
      packed[i] = best.isException(residuals[i]) ? 0 : residuals[i] - best.base;
    }
    BitPacking.pack(packed, count, best.width, out);
    if (best.exceptions > 0) {
      exceptions(residuals, count, out);
    }
  }

  /** Writes the bitmap of what is not zero and gathers it. */
  private int mask(int count, ByteWriter out) {
    int kept = 0;
    int bits = 0;
    for (int i = 0; i < count; i++) {
      if (delta[i] != 0) {
        bits |= 1 << (i & 7);
        nonZero[kept++] = delta[i];
      }
      if ((i & 7) == 7 || i == count - 1) {
        out.int8(bits);
        bits = 0;
      }
    }
    return kept;
  }

  private void exceptions(long[] residuals, int count, ByteWriter out) {
    int before = -1;
    for (int i = 0; i < count; i++) {
      if (best.isException(residuals[i])) {
        out.varint(i - before - 1);
        out.zigzag(residuals[i] - best.base);
        before = i;
      }
    }
  }

  /**
   * Of magnitudes; {@code divisor} 0 stands for "none yet". A result that is no positive long is 1.
   */
  private static long greatestCommonDivisor(long divisor, long difference) {
    long a = divisor;
    long b = Math.abs(difference);
    if (b < 0) {
      return 1;
    }
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }

  private void ensure(int count) {
    if (first.length < count) {
      int capacity = Math.max(count, first.length * 2);
      first = new long[capacity];
      delta = new long[capacity];
      second = new long[capacity];
      nonZero = new long[capacity];
      packed = new long[capacity];
    }
  }
}
