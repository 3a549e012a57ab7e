// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import org.jspecify.annotations.Nullable;

class ChunkFuzzTest {

  /** Any bytes are decoded, the same from any place on, or refused. */
  @FuzzTest
  void anyBytesAreDecodedOrRefused(FuzzedDataProvider data) {
    int count = data.consumeInt(1, TimeColumn.MAX_SAMPLES);
    int from = data.consumeInt(0, count - 1);
    byte[] bytes = data.consumeRemainingAsBytes();
    double[] all = new double[count];
    double[] rest = new double[count];
    try {
      ByteReader in = new ByteReader(bytes, 0, bytes.length);
      new ValueDecoder().decode(in, count, 0, count, all, 0);
      in.reset(bytes, 0, bytes.length);
      new ValueDecoder().decode(in, count, from, count, rest, from);
      for (int i = from; i < count; i++) {
        assertThat(Double.doubleToRawLongBits(rest[i]))
            .isEqualTo(Double.doubleToRawLongBits(all[i]));
      }
    } catch (DamagedBytes refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }
    try {
      assertThat(TimeColumn.read(new ByteReader(bytes, 0, bytes.length)).size()).isPositive();
    } catch (DamagedBytes refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }
  }

  /** Any bytes are decoded as histograms and starts, or refused, within bounds. */
  @FuzzTest
  void anyBytesAreHistogramsOrRefused(FuzzedDataProvider data) {
    int count = data.consumeInt(1, TimeColumn.MAX_SAMPLES);
    int from = data.consumeInt(0, count - 1);
    byte[] bytes = data.consumeRemainingAsBytes();
    @Nullable NativeHistogram[] histograms = new @Nullable NativeHistogram[count];
    try {
      new HistogramDecoder()
          .decode(
              new ByteReader(bytes, 0, bytes.length),
              count,
              from,
              count,
              new double[count],
              histograms,
              from);
    } catch (DamagedBytes refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }
    try {
      ByteReader in = new ByteReader(bytes, 0, bytes.length);
      TimeColumn times = TimeColumn.read(in);
      new StartCodec().decode(in, times, 0, times.size(), new long[times.size()], 0);
    } catch (DamagedBytes refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }
  }

  /** Any doubles come back to the bit. */
  @FuzzTest
  void anyValuesComeBack(FuzzedDataProvider data) {
    long[] bits = data.consumeLongs(TimeColumn.MAX_SAMPLES);
    if (bits.length == 0) {
      return;
    }
    double[] values = new double[bits.length];
    for (int i = 0; i < bits.length; i++) {
      values[i] = Double.longBitsToDouble(bits[i]);
    }
    ByteWriter out = new ByteWriter(16);
    new ValueEncoder().encode(values, 0, values.length, out);
    double[] back = new double[bits.length];
    new ValueDecoder()
        .decode(new ByteReader(out.bytes, 0, out.size), bits.length, 0, bits.length, back, 0);
    for (int i = 0; i < bits.length; i++) {
      assertThat(Double.doubleToRawLongBits(back[i])).isEqualTo(bits[i]);
    }
  }
}
