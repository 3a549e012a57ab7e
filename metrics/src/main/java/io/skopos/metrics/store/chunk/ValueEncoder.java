// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import io.skopos.storage.bytes.ByteWriter;

/**
 * Writes the values of a chunk, to the bit, in the smallest of the ways of {@link ValueFormat}.
 * Reusable, not thread-safe.
 */
public final class ValueEncoder {

  private static final int SAMPLED = 8;

  private final IntegerEncoder integers = new IntegerEncoder();
  private final ByteWriter decimal = new ByteWriter(4096);
  private final ByteWriter bits = new ByteWriter(4096);
  private final ByteWriter exceptions = new ByteWriter(256);
  private long[] column = new long[256];
  private int exceptionCount;

  /** Appends values {@code from} (inclusive) to {@code to}, of which there is at least one. */
  public void encode(double[] values, int from, int to, ByteWriter out) {
    int count = to - from;
    if (column.length < count) {
      column = new long[Math.max(count, column.length * 2)];
    }
    if (constant(values, from, to, out)) {
      return;
    }
    int exponent = exponent(values, from, to);
    boolean isDecimal = exponent >= 0 && decimal(values, from, to, exponent);
    // Short columns of integers cannot be beaten by their bit patterns.
    if (isDecimal && exceptionCount == 0 && decimal.size <= 4L * count) {
      out.put(decimal.bytes, 0, decimal.size);
      return;
    }
    bits(values, from, to);
    ByteWriter smaller = isDecimal && decimal.size <= bits.size ? decimal : bits;
    out.put(smaller.bytes, 0, smaller.size);
  }

  private static boolean constant(double[] values, int from, int to, ByteWriter out) {
    long first = Double.doubleToRawLongBits(values[from]);
    for (int i = from + 1; i < to; i++) {
      if (Double.doubleToRawLongBits(values[i]) != first) {
        return false;
      }
    }
    int exponent = Decimals.exponent(values[from], 0);
    if (exponent >= 0) {
      out.int8(ValueFormat.CONSTANT | exponent << ValueFormat.EXPONENT_SHIFT);
      out.zigzag(Decimals.integer(values[from], exponent));
    } else {
      out.int8(ValueFormat.CONSTANT | ValueFormat.RAW << ValueFormat.EXPONENT_SHIFT);
      out.int64(first);
    }
    return true;
  }

  /** What suits most of a few values spread over the chunk; -1 when they are no short decimals. */
  private static int exponent(double[] values, int from, int to) {
    int count = to - from;
    int step = Math.max(1, count / SAMPLED);
    int exponent = 0;
    int fitting = 0;
    int looked = 0;
    for (int i = from; i < to; i += step) {
      looked++;
      int own = Decimals.exponent(values[i], exponent);
      if (own >= 0) {
        exponent = own;
        fitting++;
      }
    }
    return fitting * 2 >= looked ? exponent : -1;
  }

  /** False when too many values do not fit. */
  private boolean decimal(double[] values, int from, int to, int firstExponent) {
    int count = to - from;
    int exponent = firstExponent;
    for (int i = from; i < to; i++) {
      if (!Decimals.fits(values[i], exponent)) {
        int larger = Decimals.exponent(values[i], exponent + 1);
        exponent = larger < 0 ? exponent : larger;
      }
    }
    exceptions.clear();
    exceptionCount = 0;
    int before = -1;
    long last = 0;
    for (int i = 0; i < count; i++) {
      double value = values[from + i];
      long integer = Decimals.integer(value, exponent);
      if (Double.doubleToRawLongBits(Decimals.value(integer, exponent))
          == Double.doubleToRawLongBits(value)) {
        last = integer;
      } else {
        exceptions.varint(i - before - 1);
        exceptions.int64(Double.doubleToRawLongBits(value));
        before = i;
        exceptionCount++;
      }
      column[i] = last;
    }
    if (exceptionCount * 2 > count) {
      return false;
    }
    decimal.clear();
    int tag = ValueFormat.DECIMAL | exponent << ValueFormat.EXPONENT_SHIFT;
    decimal.int8(exceptionCount > 0 ? tag | ValueFormat.HAS_EXCEPTIONS : tag);
    if (exceptionCount > 0) {
      decimal.varint(exceptionCount);
      decimal.put(exceptions.bytes, 0, exceptions.size);
    }
    integers.encode(column, 0, count, decimal);
    return true;
  }

  private void bits(double[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      column[i - from] = Double.doubleToRawLongBits(values[i]);
    }
    bits.clear();
    bits.int8(ValueFormat.BITS);
    integers.encode(column, 0, to - from, bits);
  }
}
