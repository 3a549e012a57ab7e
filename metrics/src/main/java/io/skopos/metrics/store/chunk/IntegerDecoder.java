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
import static io.skopos.metrics.store.chunk.IntegerFormat.ORDER_MASK;
import static io.skopos.metrics.store.chunk.IntegerFormat.UNKNOWN;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;

/** Reads columns that {@link IntegerEncoder} wrote, or a prefix of them. */
public final class IntegerDecoder {

  private IntegerDecoder() {}

  /**
   * @param count how many values the column has, at least 1
   * @param wanted how many of them to decode, from the first on; at least 1
   * @param into gets them from index 0; longer than {@code wanted}
   * @return the constant step when all values ascend by one (then too {@code into} is filled);
   *     {@code Long.MIN_VALUE} otherwise
   */
  public static long decode(ByteReader in, int count, int wanted, long[] into) {
    int head = in.uint8();
    int width = in.uint8();
    int order = head & ORDER_MASK;
    if ((head & UNKNOWN) != 0 || order == ORDER_MASK || width > 64) {
      throw new DamagedBytes("an integer column begins with " + head + " and " + width);
    }
    long first = in.zigzag();
    long firstDelta = order == DELTA_OF_DELTA ? in.zigzag() : 0;
    long divisor = (head & HAS_DIVISOR) != 0 ? in.varint() : 1;
    long base = (head & HAS_BASE) != 0 ? in.zigzag() : 0;
    int exceptions = (head & HAS_EXCEPTIONS) != 0 ? in.count(in.remaining() / 2, "exceptions") : 0;
    int residuals = order == DELTA_OF_DELTA ? Math.max(0, count - 2) : count - 1;
    int skipped = count - residuals;
    int wantedResiduals = Math.max(0, wanted - skipped);
    boolean plain = width == 0 && exceptions == 0 && (head & HAS_MASK) == 0;
    into[0] = first;
    if (plain && order != DELTA_OF_DELTA) {
      return line(into, wanted, order, first, base * divisor);
    }
    if ((head & HAS_MASK) != 0) {
      masked(in, residuals, wantedResiduals, width, base, exceptions, into, skipped);
    } else {
      need(in, residuals, width);
      BitPacking.unpack(in, wantedResiduals, width, into, skipped);
      in.skip(BitPacking.bytes(residuals, width));
      exceptions(in, exceptions, residuals, wantedResiduals, into, skipped);
      if (base != 0) {
        for (int i = skipped; i < wanted; i++) {
          into[i] += base;
        }
      }
    }
    sum(into, wanted, order, first, firstDelta, divisor);
    return Long.MIN_VALUE;
  }

  private static long line(long[] into, int wanted, int order, long first, long step) {
    if (order == AGAINST_FIRST) {
      java.util.Arrays.fill(into, 1, wanted, first + step);
      return wanted == 1 || step == 0 ? 0 : Long.MIN_VALUE;
    }
    for (int i = 1; i < wanted; i++) {
      into[i] = first + i * step;
    }
    return step;
  }

  private static void sum(
      long[] into, int wanted, int order, long first, long firstDelta, long divisor) {
    switch (order) {
      case AGAINST_FIRST -> {
        for (int i = 1; i < wanted; i++) {
          into[i] = first + into[i] * divisor;
        }
      }
      case DELTA -> {
        long value = first;
        if (divisor == 1) {
          for (int i = 1; i < wanted; i++) {
            value += into[i];
            into[i] = value;
          }
        } else {
          for (int i = 1; i < wanted; i++) {
            value += into[i] * divisor;
            into[i] = value;
          }
        }
      }
      default -> {
        if (wanted < 2) {
          return;
        }
        long step = firstDelta;
        long value = first + step * divisor;
        into[1] = value;
        for (int i = 2; i < wanted; i++) {
          step += into[i];
          value += step * divisor;
          into[i] = value;
        }
      }
    }
  }

  private static void masked(
      ByteReader in,
      int residuals,
      int wanted,
      int width,
      long base,
      int exceptions,
      long[] into,
      int at) {
    byte[] bytes = in.array();
    int maskAt = in.position();
    int maskBytes = (residuals + 7) >>> 3;
    in.skip(maskBytes);
    int kept = 0;
    int keptOfWanted = 0;
    for (int i = 0; i < maskBytes; i++) {
      int bits = Integer.bitCount(bytes[maskAt + i] & 0xff);
      kept += bits;
      int wantedHere = Math.min(8, Math.max(0, wanted - i * 8));
      keptOfWanted += Integer.bitCount(bytes[maskAt + i] & ((1 << wantedHere) - 1));
    }
    if (kept > residuals) {
      throw new DamagedBytes(kept + " of " + residuals + " residuals are said to be not zero");
    }
    need(in, kept, width);
    BitPacking.unpack(in, keptOfWanted, width, into, at);
    in.skip(BitPacking.bytes(kept, width));
    exceptions(in, exceptions, kept, keptOfWanted, into, at);
    // Spread from the end, so that nothing is overwritten before it was read.
    int source = keptOfWanted - 1;
    for (int i = wanted - 1; i >= 0; i--) {
      boolean present = (bytes[maskAt + (i >>> 3)] >>> (i & 7) & 1) != 0;
      into[at + i] = present ? into[at + source--] + base : 0;
    }
  }

  private static void exceptions(
      ByteReader in, int exceptions, int residuals, int wanted, long[] into, int at) {
    int place = -1;
    for (int i = 0; i < exceptions; i++) {
      place += 1 + in.count(residuals, "residuals before an exception");
      long residual = in.zigzag();
      if (place >= residuals) {
        throw new DamagedBytes("residual " + place + " of " + residuals + " is an exception");
      }
      if (place < wanted) {
        into[at + place] = residual;
      }
    }
  }

  private static void need(ByteReader in, int count, int width) {
    if (BitPacking.bytes(count, width) > in.remaining()) {
      throw new DamagedBytes(
          count + " integers of " + width + " bits in " + in.remaining() + " bytes");
    }
  }
}
