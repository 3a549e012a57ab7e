// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.RandomHistograms;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HistogramCodecTest {

  private final HistogramEncoder encoder = new HistogramEncoder();
  private final HistogramDecoder decoder = new HistogramDecoder();

  @Test
  void everyBitComesBackFromAnyPlaceOn() {
    for (long seed = 1; seed <= 400; seed++) {
      Random random = new Random(seed);
      int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 900 : 60);
      int floats = random.nextInt(4);
      NativeHistogram[] histograms = new NativeHistogram[count + 3];
      double[] sums = new double[count];
      NativeHistogram histogram = RandomHistograms.any(random);
      for (int i = 0; i < count; i++) {
        if (random.nextInt(4) >= floats || (i == 0 && floats == 3)) {
          histogram = RandomHistograms.later(histogram, random);
          histograms[i + 3] = histogram;
          sums[i] = histogram.sum();
        }
      }
      ByteWriter out = new ByteWriter(16);
      boolean written = encoder.encode(histograms, 3, count + 3, out);
      int from = random.nextInt(count);
      int to = from + 1 + random.nextInt(count - from);
      check(seed, written, out, histograms, sums, 0, count);
      check(seed, written, out, histograms, sums, from, to);
    }
  }

  private void check(
      long seed,
      boolean written,
      ByteWriter out,
      NativeHistogram[] histograms,
      double[] sums,
      int from,
      int to) {
    int count = sums.length;
    @Nullable NativeHistogram[] read = new @Nullable NativeHistogram[to - from + 2];
    double[] values = new double[to - from + 2];
    System.arraycopy(sums, from, values, 2, to - from);
    if (written) {
      decoder.decode(new ByteReader(out.bytes, 0, out.size), count, from, to, values, read, 2);
    } else {
      assertThat(out.size).isZero();
    }
    for (int i = from; i < to; i++) {
      NativeHistogram expected = histograms[i + 3];
      NativeHistogram found = read[i - from + 2];
      assertThat(found == null ? "float" : RandomHistograms.text(found))
          .as("seed %d, %d of %d to %d", seed, i, from, to)
          .isEqualTo(expected == null ? "float" : RandomHistograms.text(expected));
    }
  }

  @Test
  void wideHistogramsStayWithinAGroup() {
    double[] counts = new double[8_000];
    NativeHistogram[] histograms = new NativeHistogram[100];
    for (int i = 0; i < histograms.length; i++) {
      counts = counts.clone();
      counts[i * 7]++;
      histograms[i] = histogram(counts);
    }
    ByteWriter out = new ByteWriter(16);
    encoder.encode(histograms, 0, histograms.length, out);
    assertThat(out.size).isLessThan(40_000);
    @Nullable NativeHistogram[] read = new @Nullable NativeHistogram[1];
    decoder.decode(new ByteReader(out.bytes, 0, out.size), 100, 77, 78, new double[] {1}, read, 0);
    assertThat(read[0]).isEqualTo(histograms[77]);
  }

  /** Some 50 of 160 buckets change between two scrapes. */
  @Test
  void aSteadyHistogramTakesFewBytes() {
    Random random = new Random(4);
    double[] counts = new double[160];
    NativeHistogram[] histograms = new NativeHistogram[1_024];
    for (int i = 0; i < histograms.length; i++) {
      counts = counts.clone();
      for (int observed = 0; observed < 100; observed++) {
        counts[(int) Math.min(159, Math.max(0, 80 + 20 * random.nextGaussian()))]++;
      }
      histograms[i] = histogram(counts);
    }
    ByteWriter out = new ByteWriter(16);
    encoder.encode(histograms, 0, histograms.length, out);
    assertThat(out.size / histograms.length).isLessThan(45);
  }

  private static NativeHistogram histogram(double[] counts) {
    double count = 0;
    for (double one : counts) {
      count += one;
    }
    return new NativeHistogram(
        3,
        true,
        ResetHint.NO_RESET,
        0.001,
        0,
        count,
        1,
        new Buckets(new int[] {0, counts.length}, counts),
        Buckets.NONE,
        NativeHistogram.NO_CUSTOM_VALUES);
  }

  @Test
  void startsComeBackAndConstantOnesCostNothing() {
    StartCodec codec = new StartCodec();
    for (int shape = 0; shape < 4; shape++) {
      Random random = new Random(shape);
      long[] times = new long[500];
      long[] starts = new long[500];
      for (int i = 0; i < 500; i++) {
        times[i] = 1_700_000_000_000L + i * 15_000L;
        starts[i] =
            switch (shape) {
              case 0 -> 1_600_000_000_000L;
              case 1 -> times[i] - 15_000;
              case 2 -> random.nextBoolean() ? 0 : times[i / 100];
              default -> random.nextLong();
            };
      }
      ByteWriter out = new ByteWriter(16);
      new TimeColumn.TimeEncoder().encode(times, 0, 500, out);
      int startsAt = out.size;
      assertThat(codec.encode(starts, times, 0, 500, out)).isTrue();
      assertThat(out.size - startsAt).isLessThan(shape < 2 ? 12 : 5_000);
      ByteReader in = new ByteReader(out.bytes, 0, out.size);
      TimeColumn column = TimeColumn.read(in);
      long[] read = new long[300];
      codec.decode(in, column, 150, 450, read, 0);
      for (int i = 0; i < 300; i++) {
        assertThat(read[i]).isEqualTo(starts[150 + i]);
      }
      assertThat(codec.encode(new long[9], times, 0, 9, out)).isFalse();
    }
  }
}
