// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import io.skopos.storage.bytes.ByteWriter;

/**
 * How to pack one kind of residuals: the window {@code base .. base + 2^width} that costs least,
 * what lies outside being an exception. A counter's restart must not widen every other delta.
 */
final class ResidualPlan {

  private final int[] histogram = new int[65];

  long base;
  int width;
  int exceptions;

  /** Bits, header of the column not counted. */
  long cost;

  void of(long[] residuals, int count) {
    if (count == 0) {
      base = 0;
      width = 0;
      exceptions = 0;
      cost = 0;
      return;
    }
    long min = residuals[0];
    long max = residuals[0];
    for (int i = 1; i < count; i++) {
      long residual = residuals[i];
      min = Math.min(min, residual);
      max = Math.max(max, residual);
    }
    base = min;
    width = width(max - min);
    exceptions = 0;
    if (width > 0 && min >= 0 && width(max) == width) {
      base = 0; // spares the base's bytes
    }
    cost = (long) count * width + baseBits(base);
    if (width > 2) {
      tryExceptions(residuals, count);
    }
  }

  private void tryExceptions(long[] residuals, int count) {
    long centre =
        median(residuals[count / 4], residuals[count / 2], residuals[count - 1 - count / 4]);
    java.util.Arrays.fill(histogram, 0);
    for (int i = 0; i < count; i++) {
      long distance = residuals[i] - centre;
      histogram[width((distance << 1) ^ (distance >> 63))]++;
    }
    int outside = count;
    long bestCost = Long.MAX_VALUE;
    int bestWindow = -1;
    for (int window = 0; window < 64; window++) {
      outside -= histogram[window];
      long estimate = (long) count * window + (long) outside * (16 + window);
      if (estimate < bestCost) {
        bestCost = estimate;
        bestWindow = window;
      }
    }
    long low = Long.MAX_VALUE;
    long high = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      long distance = residuals[i] - centre;
      if (width((distance << 1) ^ (distance >> 63)) <= bestWindow) {
        low = Math.min(low, residuals[i]);
        high = Math.max(high, residuals[i]);
      }
    }
    if (low > high) {
      return;
    }
    int narrow = width(high - low);
    if (narrow >= width) {
      return;
    }
    int outliers = 0;
    long outlierBits = 8;
    long limit = 1L << narrow;
    int before = -1;
    for (int i = 0; i < count; i++) {
      long above = residuals[i] - low;
      if (Long.compareUnsigned(above, limit) >= 0) {
        outliers++;
        outlierBits += 8L * (ByteWriter.varintSize(i - before - 1) + ByteWriter.zigzagSize(above));
        before = i;
      }
    }
    long narrowCost = (long) count * narrow + baseBits(low) + outlierBits;
    if (narrowCost < cost) {
      base = low;
      width = narrow;
      exceptions = outliers;
      cost = narrowCost;
    }
  }

  boolean isException(long residual) {
    return width < 64 && (residual - base) >>> width != 0;
  }

  void copyFrom(ResidualPlan other) {
    base = other.base;
    width = other.width;
    exceptions = other.exceptions;
    cost = other.cost;
  }

  static int width(long value) {
    return 64 - Long.numberOfLeadingZeros(value);
  }

  private static int baseBits(long base) {
    return base == 0 ? 0 : 8 * ByteWriter.zigzagSize(base);
  }

  private static long median(long a, long b, long c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
