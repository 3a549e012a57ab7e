// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;

/** Writes XOR2 as its description says, for tests of the reader: Skopos itself writes XOR. */
final class Xor2Encoder {

  private static final int MAX_CHANGE_ON = 127;

  private final BitWriter out = new BitWriter();
  private long value;
  private int leading = -1;
  private int trailing;

  static byte[] encode(SampleBuffer samples) {
    return new Xor2Encoder().all(samples);
  }

  private byte[] all(SampleBuffer samples) {
    out.bits(samples.size, 16);
    out.bits(0, 8);
    int changesOn = 0;
    long distance = 0;
    long step = 0;
    int header = 0;
    for (int i = 0; i < samples.size; i++) {
      long time = samples.timesMs[i];
      long start = samples.startsMs == null ? 0 : samples.startsMs[i];
      long previousStart = i == 0 || samples.startsMs == null ? 0 : samples.startsMs[i - 1];
      double next = samples.values[i];
      if (i == 0) {
        out.varint(time);
        out.float64(next);
        if (!StaleMarker.is(next)) {
          value = Double.doubleToRawLongBits(next);
        }
        if (start != 0) {
          header |= 0x80;
          out.varint(time - start);
        }
        continue;
      }
      long previous = samples.timesMs[i - 1];
      long change = time - previous - step;
      step = time - previous;
      if (i == 1) {
        out.uvarint(step);
        behindTime(next);
      } else {
        joint(change, next);
      }
      if (changesOn > 0) {
        out.varbitInt(previous - start - distance);
        distance = previous - start;
      } else if (start != previousStart || i == MAX_CHANGE_ON) {
        changesOn = i;
        header |= i;
        distance = previous - start;
        out.varbitInt(distance);
      }
    }
    out.setByte(2, header);
    return out.toByteArray();
  }

  private void joint(long change, double next) {
    if (change == 0) {
      long difference = Double.doubleToRawLongBits(next) ^ value;
      if (StaleMarker.is(next)) {
        out.bits(0b11111, 5);
      } else if (difference == 0) {
        out.bit(false);
      } else {
        out.bits(0b10, 2);
        window(difference, false);
      }
      return;
    }
    if (change >= -4096 && change < 4096) {
      out.bits(0b110, 3);
      out.bits(change, 13);
    } else if (change >= -524_288 && change < 524_288) {
      out.bits(0b1110, 4);
      out.bits(change, 20);
    } else {
      out.bits(0b11110, 5);
      out.bits(change, 64);
    }
    behindTime(next);
  }

  private void behindTime(double next) {
    long difference = Double.doubleToRawLongBits(next) ^ value;
    if (StaleMarker.is(next)) {
      out.bits(0b111, 3);
    } else if (difference == 0) {
      out.bit(false);
    } else {
      out.bit(true);
      window(difference, true);
    }
  }

  /**
   * @param staleIsNext whether a further bit tells a new window from a stale marker
   */
  private void window(long difference, boolean staleIsNext) {
    value ^= difference;
    int newLeading = Math.min(31, Long.numberOfLeadingZeros(difference));
    int newTrailing = Long.numberOfTrailingZeros(difference);
    if (leading >= 0 && newLeading >= leading && newTrailing >= trailing) {
      out.bit(false);
      out.bits(difference >>> trailing, 64 - leading - trailing);
      return;
    }
    leading = newLeading;
    trailing = newTrailing;
    out.bit(true);
    if (staleIsNext) {
      out.bit(false);
    }
    out.bits(leading, 5);
    out.bits(64 - leading - trailing, 6);
    out.bits(difference >>> trailing, 64 - leading - trailing);
  }
}
