// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;

/** Floats: Prometheus' {@code XOR} and {@code XOR2}. */
final class XorDecoder {

  private static final int[] TIME_WIDTHS = {0, 14, 17, 20, 64};

  private XorDecoder() {}

  static void decodeXor(byte[] bytes, int offset, int length, SampleBuffer into) {
    BitReader in = new BitReader(bytes, offset, length);
    int count = (int) in.bits(16);
    if (count == 0) {
      return;
    }
    long time = in.varint();
    XorState values = new XorState(in.float64());
    into.add(time, values.value());
    long step = 0;
    for (int i = 1; i < count; i++) {
      step += i == 1 ? in.uvarint() : timeChange(in);
      time += step;
      into.add(time, values.read(in));
    }
  }

  private static long timeChange(BitReader in) {
    int ones = 0;
    while (ones < 4 && in.bit()) {
      ones++;
    }
    int width = TIME_WIDTHS[ones];
    return width == 0 ? 0 : width == 64 ? in.bits(64) : in.signed(width);
  }

  /** Time and value share one prefix, stale markers are outside the chain of values. */
  static void decodeXor2(byte[] bytes, int offset, int length, SampleBuffer into) {
    BitReader in = new BitReader(bytes, offset, length);
    int count = (int) in.bits(16);
    StartDecoder starts = new StartDecoder((int) in.bits(8));
    if (count == 0) {
      return;
    }
    long time = in.varint();
    double first = in.float64();
    // The chain begins at the first value that is not stale, or at 0.
    XorState values = new XorState(StaleMarker.is(first) ? 0 : first);
    into.add(time, first, null, starts.read(in, 0, time, 0));
    long step = 0;
    for (int i = 1; i < count; i++) {
      long previous = time;
      double value;
      if (i == 1) {
        step = in.uvarint();
        value = valueBehindTime(in, values);
      } else if (!in.bit()) {
        value = values.value();
      } else if (!in.bit()) {
        value = changedValue(in, values);
      } else if (!in.bit()) {
        step += twosComplement(in, 13);
        value = valueBehindTime(in, values);
      } else if (!in.bit()) {
        step += twosComplement(in, 20);
        value = valueBehindTime(in, values);
      } else if (!in.bit()) {
        step += in.bits(64);
        value = valueBehindTime(in, values);
      } else {
        value = StaleMarker.VALUE;
      }
      time += step;
      into.add(time, value, null, starts.read(in, i, time, previous));
    }
  }

  private static double valueBehindTime(BitReader in, XorState values) {
    if (!in.bit()) {
      return values.value();
    }
    if (in.bit()) {
      if (in.bit()) {
        return StaleMarker.VALUE;
      }
      values.readWindow(in);
    }
    values.readDifference(in);
    return values.value();
  }

  private static double changedValue(BitReader in, XorState values) {
    if (in.bit()) {
      values.readWindow(in);
    }
    values.readDifference(in);
    return values.value();
  }

  private static long twosComplement(BitReader in, int width) {
    return in.bits(width) << (64 - width) >> (64 - width);
  }
}
