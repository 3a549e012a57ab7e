// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeriesChunksTest {

  private static final long NOW = 1_735_689_600_000L;

  @Test
  void floatsComeBackBitForBit() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      SampleBuffer samples = floats(random, 1 + random.nextInt(400));
      List<EncodedChunk> chunks = encode(samples);
      assertThat(chunks).allMatch(chunk -> chunk.encoding() == ChunkEncoding.XOR);
      assertThat(chunks).allMatch(chunk -> chunk.samples() <= SeriesChunks.MAX_SAMPLES);
      assertSame(decode(chunks), samples, "seed " + seed);
    }
  }

  @Test
  void xor2WithStartsComesBackBitForBit() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      SampleBuffer samples = floats(random, 1 + random.nextInt(300));
      int starts = random.nextInt(4);
      long start = NOW - 1000;
      for (int i = 0; i < samples.size && starts > 0; i++) {
        start =
            random.nextInt(starts * 20) == 0 ? samples.timesMs[i] - random.nextInt(5000) : start;
        samples.withStarts()[i] = starts == 3 && i < 130 ? 0 : start;
      }
      byte[] data = Xor2Encoder.encode(samples);
      SampleBuffer back = new SampleBuffer();
      ChunkDecoder.decode(ChunkEncoding.XOR2, data, 0, data.length, back);
      assertSame(back, samples, "seed " + seed);
    }
  }

  /** Worked out by hand from the description: 16 bits, varint, float, uvarint, bit 0, bits 0 0. */
  @Test
  void aConstantSeriesHasTheBytesOfTheDescription() {
    SampleBuffer samples = new SampleBuffer();
    samples.add(1000, 1);
    samples.add(2000, 1);
    samples.add(3000, 1);
    assertThat(HexFormat.of().formatHex(encode(samples).getFirst().data()))
        .isEqualTo("0003" + "d00f" + "3ff0000000000000" + "e807" + "00");
  }

  @Test
  void histogramsComeBackWithWhatTheyMean() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      SampleBuffer samples = histograms(random, 1 + random.nextInt(300));
      assertSameMeaning(decode(encode(samples)), samples, "seed " + seed);
    }
  }

  @Test
  void histogramsWithEqualSpansComeBackBitForBit() {
    SampleBuffer samples = new SampleBuffer();
    for (int i = 0; i < 300; i++) {
      Buckets above = new Buckets(new int[] {-2, 2, 3, 1, 0, 1}, new double[] {i, 2 * i, 3, 0});
      NativeHistogram histogram =
          new NativeHistogram(
              3,
              true,
              ResetHint.NO_RESET,
              0x1p-128,
              i,
              4 * i + 3,
              i * 0.1,
              above,
              above,
              NativeHistogram.NO_CUSTOM_VALUES);
      samples.add(NOW + i * 15_000, histogram.sum(), histogram, 0);
    }
    List<EncodedChunk> chunks = encode(samples);
    assertThat(chunks).hasSize(3);
    SampleBuffer back = decode(chunks);
    for (int i = 0; i < 300; i++) {
      // The first of a chunk does not know what came before the chunk.
      ResetHint hint = i % SeriesChunks.MAX_SAMPLES == 0 ? ResetHint.UNKNOWN : ResetHint.NO_RESET;
      assertThat(back.withHistograms()[i])
          .isEqualTo(samples.withHistograms()[i].withResetHint(hint));
    }
  }

  @Test
  void aResetBeginsAChunkAndAStaleMarkerEndsOne() {
    SampleBuffer samples = new SampleBuffer();
    int[] counts = {5, 6, 2, 3};
    for (int i = 0; i < counts.length; i++) {
      samples.add(NOW + i, counts[i], custom(counts[i]), 0);
    }
    samples.add(NOW + 4, StaleMarker.VALUE);
    samples.add(NOW + 5, 7, custom(7), 0);
    List<EncodedChunk> chunks = encode(samples);
    assertThat(chunks).extracting(EncodedChunk::samples).containsExactly(2, 3, 1);
    assertThat(chunks).extracting(chunk -> chunk.data()[2] & 0xff).containsExactly(0, 0x80, 0);
    assertSameMeaning(decode(chunks), samples, "");
  }

  @Test
  void customBoundariesAreKept() {
    double[] bounds = {-1.5, -0.0, 0.001, 0.1, 0.3, 1.0 / 3, 33_554.43, 33_554.431, 1e300};
    SampleBuffer samples = new SampleBuffer();
    samples.add(
        NOW,
        1,
        new NativeHistogram(
            NativeHistogram.CUSTOM_BUCKETS,
            true,
            ResetHint.UNKNOWN,
            0,
            0,
            1,
            1,
            new Buckets(new int[] {0, 1}, new double[] {1}),
            Buckets.NONE,
            bounds),
        0);
    assertThat(decode(encode(samples)).withHistograms()[0].customValues()).isEqualTo(bounds);
  }

  @Test
  void truncatedAndTwistedChunksAreNamedDamaged() {
    Random random = new Random(7);
    List<EncodedChunk> chunks = encode(histograms(random, 50));
    chunks.addAll(encode(floats(random, 50)));
    for (EncodedChunk chunk : chunks) {
      for (int length = 0; length < chunk.data().length - 1; length++) {
        int cut = length;
        assertThatThrownBy(() ->
                ChunkDecoder.decode(chunk.encoding(), chunk.data(), 0, cut, new SampleBuffer()))
            .isInstanceOf(DamagedChunk.class);
      }
      for (int i = 0; i < 300; i++) {
        byte[] twisted = chunk.data().clone();
        twisted[random.nextInt(twisted.length)] ^= (byte) (1 << random.nextInt(8));
        for (ChunkEncoding encoding : ChunkEncoding.values()) {
          try {
            ChunkDecoder.decode(encoding, twisted, 0, twisted.length, new SampleBuffer());
          } catch (DamagedChunk e) {
            assertThat(e).hasMessageMatching("(?s).+");
          }
        }
      }
    }
  }

  private static NativeHistogram custom(int count) {
    return new NativeHistogram(
        NativeHistogram.CUSTOM_BUCKETS,
        true,
        ResetHint.UNKNOWN,
        0,
        0,
        count,
        count,
        new Buckets(new int[] {0, 1}, new double[] {count}),
        Buckets.NONE,
        new double[] {1});
  }

  static SampleBuffer floats(Random random, int count) {
    SampleBuffer samples = new SampleBuffer();
    long time = NOW - random.nextInt(1 << 20) * 1_000_000L;
    double value = random.nextInt(1000);
    int style = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      int kind = random.nextInt(style == 0 ? 100 : 12);
      time +=
          switch (kind) {
            case 0 -> 1 + random.nextInt(1_000_000);
            case 1 -> 1 + random.nextLong(1L << 40);
            case 2 -> 15_000 + random.nextInt(40);
            case 3 -> 15_000 + random.nextInt(9000);
            default -> 15_000;
          };
      value =
          switch (random.nextInt(style == 1 ? 100 : 12)) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> StaleMarker.VALUE;
            case 2 -> random.nextDouble();
            case 3, 4, 5 -> value;
            case 6 -> -0.0;
            default -> value + random.nextInt(10);
          };
      samples.add(time, value);
    }
    return samples;
  }

  private static SampleBuffer histograms(Random random, int count) {
    SampleBuffer samples = new SampleBuffer();
    boolean integer = random.nextBoolean();
    boolean gauge = random.nextInt(4) == 0;
    double[] above = new double[12];
    double[] below = new double[5];
    long time = NOW;
    int offset = random.nextInt(20) - 10;
    double threshold = random.nextBoolean() ? 0x1p-128 : random.nextDouble();
    for (int i = 0; i < count; i++) {
      time += 15_000 + (random.nextInt(5) == 0 ? random.nextInt(1000) : 0);
      if (random.nextInt(40) == 0) {
        samples.add(time, random.nextBoolean() ? StaleMarker.VALUE : 5);
        continue;
      }
      if (random.nextInt(50) == 0) {
        above = new double[12];
        below = new double[5];
        integer = random.nextInt(3) == 0 ? !integer : integer;
      }
      above[random.nextInt(above.length)] += integer ? random.nextInt(1000) : random.nextDouble();
      below[random.nextInt(below.length)] += integer ? 1 : 0.25;
      ResetHint hint = gauge ? ResetHint.GAUGE : ResetHint.UNKNOWN;
      NativeHistogram histogram =
          new NativeHistogram(
              1,
              integer,
              hint,
              threshold,
              integer ? i : i * 0.5,
              1000 + i,
              random.nextGaussian(),
              sparse(above, offset),
              sparse(below, 3),
              NativeHistogram.NO_CUSTOM_VALUES);
      samples.add(time, histogram.sum(), histogram, 0);
    }
    return samples;
  }

  /** Only the buckets that are not zero. */
  private static Buckets sparse(double[] counts, int offset) {
    int[] indices = new int[counts.length];
    double[] kept = new double[counts.length];
    int size = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] != 0) {
        indices[size] = i + offset;
        kept[size++] = counts[i];
      }
    }
    return new Buckets(
        BucketIndices.spans(java.util.Arrays.copyOf(indices, size)),
        java.util.Arrays.copyOf(kept, size));
  }

  static List<EncodedChunk> encode(SampleBuffer samples) {
    List<EncodedChunk> chunks = new ArrayList<>();
    SeriesChunks.encode(samples, 0, samples.size, chunks::add);
    return chunks;
  }

  private static SampleBuffer decode(List<EncodedChunk> chunks) {
    SampleBuffer back = new SampleBuffer();
    for (EncodedChunk chunk : chunks) {
      int before = back.size;
      ChunkDecoder.decode(chunk.encoding(), chunk.data(), 0, chunk.data().length, back);
      assertThat(back.size - before).isEqualTo(chunk.samples());
      assertThat(back.timesMs[before]).isEqualTo(chunk.minTimeMs());
      assertThat(back.timesMs[back.size - 1]).isEqualTo(chunk.maxTimeMs());
    }
    return back;
  }

  private static void assertSame(SampleBuffer actual, SampleBuffer expected, String why) {
    assertThat(actual.size).as(why).isEqualTo(expected.size);
    for (int i = 0; i < expected.size; i++) {
      assertThat(actual.timesMs[i]).as(why + " time " + i).isEqualTo(expected.timesMs[i]);
      assertThat(Double.doubleToRawLongBits(actual.values[i]))
          .as(why + " value " + i)
          .isEqualTo(Double.doubleToRawLongBits(expected.values[i]));
      assertThat(actual.startsMs == null ? 0 : actual.startsMs[i])
          .as(why + " start " + i)
          .isEqualTo(expected.startsMs == null ? 0 : expected.startsMs[i]);
    }
  }

  private static void assertSameMeaning(SampleBuffer actual, SampleBuffer expected, String why) {
    assertSame(actual, expected, why);
    for (int i = 0; i < expected.size; i++) {
      NativeHistogram want = expected.histograms == null ? null : expected.histograms[i];
      NativeHistogram got = actual.histograms == null ? null : actual.histograms[i];
      if (want == null || got == null) {
        assertThat(got).as(why + " sample " + i).isEqualTo(want);
        continue;
      }
      assertThat(got.integer()).as(why).isEqualTo(want.integer());
      assertThat(got.count()).isEqualTo(want.count());
      assertThat(got.zeroCount()).isEqualTo(want.zeroCount());
      assertThat(got.zeroThreshold()).isEqualTo(want.zeroThreshold());
      assertThat(got.sum()).isEqualTo(want.sum());
      assertThat(got.isGauge()).isEqualTo(want.isGauge());
      assertThat(populated(got.positive())).as(why).isEqualTo(populated(want.positive()));
      assertThat(populated(got.negative())).as(why).isEqualTo(populated(want.negative()));
    }
  }

  private static java.util.Map<Integer, Double> populated(Buckets buckets) {
    java.util.Map<Integer, Double> counts = new java.util.TreeMap<>();
    int[] indices = BucketIndices.of(buckets);
    for (int i = 0; i < indices.length; i++) {
      if (buckets.counts()[i] != 0) {
        counts.put(indices[i], buckets.counts()[i]);
      }
    }
    return counts;
  }
}
