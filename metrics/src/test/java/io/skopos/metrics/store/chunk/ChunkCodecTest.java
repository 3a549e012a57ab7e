// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ChunkCodecTest {

  private final long seed = System.nanoTime();
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  @Test
  void everyValueComesBackToTheBit() {
    ValueEncoder encoder = new ValueEncoder();
    ValueDecoder decoder = new ValueDecoder();
    ByteWriter out = new ByteWriter(16);
    for (int round = 0; round < 4_000; round++) {
      int shape = round % Columns.SHAPES;
      int count = 1 + random.nextInt(round < 3_900 ? 200 : TimeColumn.MAX_SAMPLES);
      double[] values = Columns.values(random, shape, count);
      out.clear();
      encoder.encode(values, 0, count, out);
      int from = random.nextInt(count);
      int to = from + random.nextInt(count - from + 1);
      for (int[] range : new int[][] {{0, count}, {from, to}}) {
        double[] back = new double[range[1] - range[0] + 1];
        // Exactly the bytes: nothing behind them may be needed.
        byte[] exact = out.toByteArray();
        decoder.decode(new ByteReader(exact, 0, exact.length), count, range[0], range[1], back, 1);
        for (int i = range[0]; i < range[1]; i++) {
          assertThat(Double.doubleToRawLongBits(back[i - range[0] + 1]))
              .as("seed %d, shape %d, value %d of %d", seed, shape, i, count)
              .isEqualTo(Double.doubleToRawLongBits(values[i]));
        }
      }
    }
  }

  @Test
  void everyLongComesBack() {
    IntegerEncoder encoder = new IntegerEncoder();
    ByteWriter out = new ByteWriter(16);
    for (int round = 0; round < 4_000; round++) {
      int count = 1 + random.nextInt(150);
      long[] values = longs(count);
      out.clear();
      encoder.encode(values, 0, count, out);
      byte[] exact = out.toByteArray();
      for (int wanted : new int[] {count, 1 + random.nextInt(count)}) {
        long[] back = new long[count + 1];
        IntegerDecoder.decode(new ByteReader(exact, 0, exact.length), count, wanted, back);
        assertThat(Arrays.copyOf(back, wanted))
            .as("seed %d, round %d, %s", seed, round, Arrays.toString(values))
            .isEqualTo(Arrays.copyOf(values, wanted));
      }
    }
  }

  private long[] longs(int count) {
    long[] values = new long[count];
    int bits = 1 + random.nextInt(64);
    long factor = random.nextInt(3) == 0 ? random.nextLong() >> random.nextInt(64) : 1;
    int kind = random.nextInt(4);
    long state = random.nextLong() >> random.nextInt(64);
    for (int i = 0; i < count; i++) {
      long some = (random.nextLong() >>> (64 - bits)) * factor;
      state =
          switch (kind) {
            case 0 -> some;
            case 1 -> state + some;
            case 2 -> random.nextInt(3) == 0 ? state + some : state;
            default -> random.nextInt(40) == 0 ? random.nextLong() : state + (some & 0xff);
          };
      values[i] = state;
    }
    return values;
  }

  @Test
  void timesComeBackAndAreFound() {
    ByteWriter out = new ByteWriter(16);
    TimeColumn.TimeEncoder encoder = new TimeColumn.TimeEncoder();
    for (int round = 0; round < 500; round++) {
      int count = 1 + random.nextInt(300);
      long[] times = Columns.times(random, count);
      out.clear();
      encoder.encode(times, 0, count, out);
      TimeColumn column = TimeColumn.read(new ByteReader(out.toByteArray(), 0, out.size));
      assertThat(column.timesMs()).isEqualTo(times);
      for (int i = 0; i < 20; i++) {
        long wanted = times[random.nextInt(count)] + random.nextInt(-2, 3);
        int expected = 0;
        while (expected < count && times[expected] < wanted) {
          expected++;
        }
        assertThat(column.indexFrom(wanted)).as("seed %d", seed).isEqualTo(expected);
      }
    }
  }

  /** What the usual chunks cost; a change that makes one dearer shows here. */
  @Test
  void usualChunksAreSmall() {
    assertThat(bytes(0, 120)).isLessThan(120 * 11 / 8 + 14); // 2,000 apart: 11 bits
    assertThat(bytes(1, 120)).isLessThan(120 * 7 / 8 + 30); // restarts are exceptions
    assertThat(bytes(3, 120)).isLessThan(120 * 7 / 8 + 14);
    assertThat(bytes(4, 120)).isEqualTo(2);
    assertThat(bytes(10, 120)).isLessThan(40);
    assertThat(bytes(13, 120)).isLessThan(12);
  }

  private int bytes(int shape, int count) {
    RandomGenerator same = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    ByteWriter out = new ByteWriter(16);
    new ValueEncoder().encode(Columns.values(same, shape, count), 0, count, out);
    return out.size;
  }

  /** The worked examples of docs/formats/metrics-part.md. */
  @Test
  void bytesAreAsDocumented() {
    assertThat(hex(7, 7, 7)).isEqualTo("000e");
    assertThat(hex(100, 110, 125, 131)).isEqualTo("010104c801fa06");
    assertThat(hex(0.5, 0.25, 0.75)).isEqualTo("1131026419010c");
    ByteWriter out = new ByteWriter(16);
    new TimeColumn.TimeEncoder().encode(new long[] {1_000, 16_000, 31_000, 46_000}, 0, 4, out);
    assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo("043100d00f987502");
  }

  private static String hex(double... values) {
    ByteWriter out = new ByteWriter(16);
    new ValueEncoder().encode(values, 0, values.length, out);
    return HexFormat.of().formatHex(out.toByteArray());
  }

  /** Any bytes are decoded or refused, within bounds; nothing else happens. */
  @Test
  void anyBytesAreDecodedOrRefused() {
    ValueDecoder decoder = new ValueDecoder();
    ValueEncoder encoder = new ValueEncoder();
    ByteWriter out = new ByteWriter(16);
    double[] into = new double[TimeColumn.MAX_SAMPLES];
    int decoded = 0;
    for (int round = 0; round < 60_000; round++) {
      int count = 1 + random.nextInt(100);
      byte[] bytes;
      if (round % 3 == 0) {
        bytes = new byte[random.nextInt(64)];
        random.nextBytes(bytes);
      } else {
        out.clear();
        encoder.encode(
            Columns.values(random, random.nextInt(Columns.SHAPES), count), 0, count, out);
        bytes = Arrays.copyOf(out.bytes, random.nextInt(out.size + 1));
        for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
          bytes[random.nextInt(Math.min(bytes.length, 24))] = (byte) random.nextInt();
        }
      }
      try {
        decoder.decode(new ByteReader(bytes, 0, bytes.length), count, 0, count, into, 0);
        decoded++;
      } catch (DamagedBytes refused) {
        assertThat(refused).as("seed %d", seed).hasMessageMatching(".+");
      }
      try {
        assertThat(TimeColumn.read(new ByteReader(bytes, 0, bytes.length)).size()).isPositive();
      } catch (DamagedBytes refused) {
        assertThat(refused).hasMessageMatching(".+");
      }
    }
    assertThat(decoded).isPositive();
  }
}
