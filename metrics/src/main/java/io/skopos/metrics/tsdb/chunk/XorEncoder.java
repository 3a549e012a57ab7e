// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

import io.skopos.metrics.store.SampleBuffer;

/** Writes floats as {@code XOR}. */
final class XorEncoder {

  private XorEncoder() {}

  static EncodedChunk encode(SampleBuffer samples, int from, int to) {
    BitWriter out = new BitWriter();
    out.bits(to - from, 16);
    long time = samples.timesMs[from];
    out.varint(time);
    XorState values = new XorState(samples.values[from]);
    out.float64(samples.values[from]);
    long step = 0;
    for (int i = from + 1; i < to; i++) {
      long nextStep = samples.timesMs[i] - time;
      if (i == from + 1) {
        out.uvarint(nextStep);
      } else {
        timeChange(out, nextStep - step);
      }
      step = nextStep;
      time = samples.timesMs[i];
      values.write(out, samples.values[i]);
    }
    return new EncodedChunk(
        ChunkEncoding.XOR, samples.timesMs[from], time, to - from, out.toByteArray());
  }

  private static void timeChange(BitWriter out, long change) {
    if (change == 0) {
      out.bit(false);
    } else if (BitWriter.fits(change, 14)) {
      out.bits(0b10, 2);
      out.bits(change, 14);
    } else if (BitWriter.fits(change, 17)) {
      out.bits(0b110, 3);
      out.bits(change, 17);
    } else if (BitWriter.fits(change, 20)) {
      out.bits(0b1110, 4);
      out.bits(change, 20);
    } else {
      out.bits(0b1111, 4);
      out.bits(change, 64);
    }
  }
}
