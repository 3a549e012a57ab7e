// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

/**
 * Values one by one, without loss: a tag byte (scale in the high half, bytes in the low half) and
 * that many bytes. Scale 0 to 14: a whole number m in zigzag form, little endian, meaning m / 10^
 * scale. Scale 15: the double's bits without their zero bytes at the low end, most significant
 * first. Zero is tag 0 and no byte. Most of what is measured is whole or has a few decimals.
 */
final class ValueCode {

  static final int RAW = 15;
  private static final int MAX_DECIMALS = 6;

  /** Whole numbers up to here have a double each. */
  private static final double EXACT = 9007199254740992.0;

  /** Beyond 1e14 few doubles have decimals; trying costs more than it brings. */
  private static final double DECIMALS_BELOW = 1e12;

  private static final double[] POWER = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14
  };

  private ValueCode() {}

  static void put(double value, ByteColumn tags, ByteColumn bytes) {
    long whole = (long) value;
    if (whole == value && Math.abs(value) < EXACT && (whole != 0 || isPositiveZero(value))) {
      long bits = Double.doubleToRawLongBits(value);
      if (rawLength(bits) < wholeLength(zigzag(whole))) {
        putRaw(bits, tags, bytes); // pages and blocks: multiples of a power of two
      } else {
        putWhole(0, whole, tags, bytes);
      }
      return;
    }
    if (Math.abs(value) < DECIMALS_BELOW) {
      for (int scale = 1; scale <= MAX_DECIMALS; scale++) {
        long scaled = (long) Math.rint(value * POWER[scale]);
        if (scaled / POWER[scale] == value && scaled != 0) {
          putWhole(scale, scaled, tags, bytes);
          return;
        }
      }
    }
    putRaw(Double.doubleToRawLongBits(value), tags, bytes);
  }

  private static boolean isPositiveZero(double value) {
    return Double.doubleToRawLongBits(value) == 0;
  }

  private static void putWhole(int scale, long whole, ByteColumn tags, ByteColumn bytes) {
    long zigzag = zigzag(whole);
    int length = wholeLength(zigzag);
    tags.put(scale << 4 | length);
    bytes.ensure(8);
    int at = bytes.size;
    for (int i = 0; i < length; i++) {
      bytes.bytes[at + i] = (byte) (zigzag >>> (i * 8));
    }
    bytes.size = at + length;
  }

  private static void putRaw(long bits, ByteColumn tags, ByteColumn bytes) {
    int length = rawLength(bits);
    tags.put(RAW << 4 | length);
    bytes.ensure(8);
    int at = bytes.size;
    for (int i = 0; i < length; i++) {
      bytes.bytes[at + i] = (byte) (bits >>> (56 - i * 8));
    }
    bytes.size = at + length;
  }

  private static int rawLength(long bits) {
    return 8 - Long.numberOfTrailingZeros(bits) / 8;
  }

  private static int wholeLength(long zigzag) {
    return (71 - Long.numberOfLeadingZeros(zigzag)) / 8;
  }

  private static long zigzag(long whole) {
    return whole << 1 ^ whole >> 63;
  }

  static double get(int tag, ByteCursor bytes) {
    int length = tag & 15;
    int scale = tag >>> 4;
    if (length > 8) {
      throw new DamagedFrame("a value of " + length + " bytes");
    }
    long bits = 0;
    if (scale == RAW) {
      for (int i = 0; i < length; i++) {
        bits |= (long) bytes.get() << (56 - i * 8);
      }
      return Double.longBitsToDouble(bits);
    }
    for (int i = 0; i < length; i++) {
      bits |= (long) bytes.get() << (i * 8);
    }
    long whole = bits >>> 1 ^ -(bits & 1);
    return scale == 0 ? whole : whole / POWER[scale];
  }
}
