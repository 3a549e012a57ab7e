// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;

/** Reads what {@link ValueEncoder} wrote. Reusable, not thread-safe. */
public final class ValueDecoder {

  private long[] column = new long[256];

  /**
   * Decodes values {@code from} (inclusive) to {@code to} of a chunk of {@code count}.
   *
   * @param count at most {@link TimeColumn#MAX_SAMPLES}
   * @param into gets them from index {@code at} on
   * @throws DamagedBytes when no encoder wrote this
   */
  public void decode(ByteReader in, int count, int from, int to, double[] into, int at) {
    if (from >= to) {
      return;
    }
    int tag = in.uint8();
    int exponent = tag >>> ValueFormat.EXPONENT_SHIFT;
    int kind = tag & ValueFormat.KIND_MASK;
    boolean flagged = (tag & ValueFormat.HAS_EXCEPTIONS) != 0;
    boolean known =
        switch (kind) {
          case ValueFormat.CONSTANT -> !flagged && (known(exponent) || exponent == ValueFormat.RAW);
          case ValueFormat.DECIMAL -> known(exponent);
          case ValueFormat.BITS -> !flagged && exponent == 0;
          default -> false;
        };
    if (!known) {
      throw new DamagedBytes("a chunk's values begin with " + tag);
    }
    if (kind == ValueFormat.CONSTANT) {
      double value =
          exponent == ValueFormat.RAW
              ? Double.longBitsToDouble(in.int64())
              : Decimals.value(in.zigzag(), exponent);
      java.util.Arrays.fill(into, at, at + to - from, value);
      return;
    }
    if (column.length < to) {
      column = new long[Math.max(to, column.length * 2)];
    }
    if (kind == ValueFormat.BITS) {
      IntegerDecoder.decode(in, count, to, column);
      for (int i = from; i < to; i++) {
        into[at + i - from] = Double.longBitsToDouble(column[i]);
      }
      return;
    }
    int exceptions = flagged ? in.count(in.remaining() / 9, "exceptions") : 0;
    int exceptionsAt = in.position();
    skipExceptions(in, exceptions);
    int columnAt = in.position();
    IntegerDecoder.decode(in, count, to, column);
    Decimals.values(column, from, to, exponent, into, at);
    if (exceptions > 0) {
      in.reset(in.array(), exceptionsAt, columnAt);
      restoreExceptions(in, exceptions, count, from, to, into, at);
    }
  }

  private static boolean known(int exponent) {
    return exponent <= Decimals.MAX_EXPONENT;
  }

  private static void skipExceptions(ByteReader in, int exceptions) {
    for (int i = 0; i < exceptions; i++) {
      in.varint();
      in.skip(8);
    }
  }

  private static void restoreExceptions(
      ByteReader in, int exceptions, int count, int from, int to, double[] into, int at) {
    int place = -1;
    for (int i = 0; i < exceptions; i++) {
      place += 1 + in.count(count, "values before an exception");
      long bits = in.int64();
      if (place >= count) {
        throw new DamagedBytes("value " + place + " of " + count + " is an exception");
      }
      if (place >= from && place < to) {
        into[at + place - from] = Double.longBitsToDouble(bits);
      }
    }
  }
}
