// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

/**
 * One column of floats as differences: XOR with the value before, of which only the bits between
 * leading and trailing zeros are kept. One state per column, for writing or for reading.
 */
final class XorState {

  private static final int NO_WINDOW = 0xff;

  private long value;
  private int leading = NO_WINDOW;
  private int trailing;

  XorState(double first) {
    value = Double.doubleToRawLongBits(first);
  }

  double value() {
    return Double.longBitsToDouble(value);
  }

  void write(BitWriter out, double next) {
    long bits = Double.doubleToRawLongBits(next);
    long difference = bits ^ value;
    value = bits;
    out.bit(difference != 0);
    if (difference == 0) {
      return;
    }
    // Five bits hold the number of leading zeros.
    int newLeading = Math.min(31, Long.numberOfLeadingZeros(difference));
    int newTrailing = Long.numberOfTrailingZeros(difference);
    if (leading != NO_WINDOW && newLeading >= leading && newTrailing >= trailing) {
      out.bit(false);
      out.bits(difference >>> trailing, 64 - leading - trailing);
      return;
    }
    leading = newLeading;
    trailing = newTrailing;
    int width = 64 - leading - trailing;
    out.bit(true);
    out.bits(leading, 5);
    // 64 becomes 0.
    out.bits(width, 6);
    out.bits(difference >>> trailing, width);
  }

  double read(BitReader in) {
    if (in.bit()) {
      if (in.bit()) {
        readWindow(in);
      }
      readDifference(in);
    }
    return value();
  }

  /** A new window; the difference follows. */
  void readWindow(BitReader in) {
    leading = (int) in.bits(5);
    int width = (int) in.bits(6);
    width = width == 0 ? 64 : width;
    trailing = 64 - leading - width;
    if (trailing < 0) {
      throw new DamagedChunk(
          "a value has " + leading + " leading zeros and " + width + " bits behind them");
    }
  }

  /** The bits of the window. */
  void readDifference(BitReader in) {
    if (leading == NO_WINDOW) {
      throw new DamagedChunk("a value uses the window of the value before, and there is none");
    }
    value ^= in.bits(64 - leading - trailing) << trailing;
  }
}
