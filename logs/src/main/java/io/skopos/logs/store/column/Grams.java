// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Picks hashes of pieces of 6 bytes from runs of letters and digits, so that few of a run are kept
 * and still each part of it of at least 13 bytes has one that was: of any 8 neighbouring pieces,
 * the one with the least hash. Of a shorter run the least of all is kept, which only helps who
 * knows the whole run. The hash is part of the format.
 */
public final class Grams {

  static final int GRAM = 6;
  static final int WINDOW = 8;

  /** Runs of digits alone are told of from this length on. */
  private static final int LONG_NUMBER = 10;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MASK = (1L << 8 * GRAM) - 1;

  private Grams() {}

  /** Takes what was picked; the same may come again. */
  public interface Sink {
    void gram(long hash);
  }

  /** Whether runs like this are picked from at all. */
  static boolean isPickedFrom(int length, boolean digitsOnly) {
    return length >= GRAM && (!digitsOnly || length >= LONG_NUMBER);
  }

  /** All that is picked from a text's runs. */
  public static void pick(byte[] text, int from, int to, Sink sink) {
    int at = from;
    while (at < to) {
      while (at < to && !Needle.isRunByte(text[at])) {
        at++;
      }
      int start = at;
      boolean digits = true;
      while (at < to && Needle.isRunByte(text[at])) {
        digits &= text[at] <= '9' && text[at] >= '0';
        at++;
      }
      if (isPickedFrom(at - start, digits)) {
        pickRun(text, start, at, sink);
      }
    }
  }

  /** What is picked from a whole run, or of any part of it that is at least 13 bytes. */
  public static void pickRun(byte[] text, int from, int to, Sink sink) {
    int last = to - GRAM;
    long least = -1;
    int leastAt = -1;
    int windowEnd = Math.min(last, from + WINDOW - 1);
    for (int at = from; at <= windowEnd; at++) {
      long hash = hash(text, at);
      if (leastAt < 0 || Long.compareUnsigned(hash, least) <= 0) {
        least = hash;
        leastAt = at;
      }
    }
    sink.gram(least);
    for (int end = windowEnd + 1; end <= last; end++) {
      long hash = hash(text, end);
      if (Long.compareUnsigned(hash, least) <= 0) {
        least = hash;
        leastAt = end;
        sink.gram(least);
      } else if (leastAt <= end - WINDOW) {
        least = hash;
        leastAt = end;
        for (int at = end - 1; at > end - WINDOW; at--) {
          long one = hash(text, at);
          if (Long.compareUnsigned(one, least) < 0) {
            least = one;
            leastAt = at;
          }
        }
        sink.gram(least);
      }
    }
  }

  private static long hash(byte[] text, int at) {
    long gram =
        at + 8 <= text.length
            ? (long) LONG.get(text, at) & MASK
            : (int) INT.get(text, at) & 0xffff_ffffL
                | (text[at + 4] & 0xffL) << 32
                | (text[at + 5] & 0xffL) << 40;
    long mixed = gram * 0x9e3779b97f4a7c15L;
    return (mixed ^ mixed >>> 29) * 0xbf58476d1ce4e5b9L;
  }
}
