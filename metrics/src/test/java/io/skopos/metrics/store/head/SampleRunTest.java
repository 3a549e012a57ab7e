// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.storage.memory.MemoryBudget;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SampleRunTest {

  private final Slab slab = new Slab(new SlabPool(new MemoryBudget(1L << 30)));

  @Test
  void everyBitComesBack() {
    for (long seed = 1; seed <= 400; seed++) {
      Random random = new Random(seed);
      int record = slab.pages(1);
      SampleRun.clear(slab, record);
      int count = 1 + random.nextInt(800);
      int[] times = new int[count];
      double[] values = new double[count];
      int shape = random.nextInt(6);
      int time = random.nextInt(1000);
      double value = random.nextInt(1000);
      for (int i = 0; i < count; i++) {
        time += random.nextInt(4) == 0 ? 1 + random.nextInt(50_000) : 100;
        value =
            switch (shape) {
              case 0 -> value + random.nextInt(500);
              case 1 -> Math.rint((value + random.nextDouble()) * 100) / 100;
              case 2 -> random.nextInt(1000) * 4096.0;
              case 3 -> anyValue(random);
              case 4 -> random.nextInt(8) == 0 ? anyValue(random) : random.nextInt(100) / 1000.0;
              default -> random.nextInt(3) == 0 ? value : random.nextGaussian();
            };
        times[i] = time;
        values[i] = value;
        SampleRun.append(slab, record, time, value);
        if (i % 37 == 0) {
          assertPrefix(seed, record, times, values, i + 1, random);
        }
      }
      assertPrefix(seed, record, times, values, count, random);
      assertThat(SampleRun.minTime(slab, record)).isEqualTo(times[0]);
      assertThat(SampleRun.maxTime(slab, record)).isEqualTo(time);
    }
  }

  private void assertPrefix(
      long seed, int record, int[] times, double[] values, int count, Random random) {
    long dayStart = 1_000_000_000_000L;
    SampleBuffer read = new SampleBuffer(1);
    long published = SampleRun.published(slab, record);
    SampleRun.read(slab, published, dayStart, Long.MIN_VALUE, Long.MAX_VALUE, true, read);
    assertThat(read.size).as("seed %d", seed).isEqualTo(count);
    for (int i = 0; i < count; i++) {
      assertThat(read.timesMs[i]).as("seed %d, %d", seed, i).isEqualTo(dayStart + times[i]);
      assertThat(Double.doubleToRawLongBits(read.values[i]))
          .as("seed %d, value %d of %d", seed, i, count)
          .isEqualTo(Double.doubleToRawLongBits(values[i]));
    }
    int from = random.nextInt(count);
    int to = from + random.nextInt(count - from);
    read.clear();
    SampleRun.read(
        slab, published, dayStart, dayStart + times[from], dayStart + times[to], true, read);
    assertThat(read.size).as("seed %d", seed).isEqualTo(to - from + 1);
  }

  @Test
  void ofEqualTimesInARowTheLaterValueStays() {
    int record = slab.pages(1);
    SampleRun.clear(slab, record);
    SampleRun.append(slab, record, 5, 1);
    SampleRun.append(slab, record, 5, 2);
    SampleRun.append(slab, record, 5, 3);
    SampleRun.append(slab, record, 6, 4);
    SampleBuffer read = new SampleBuffer();
    SampleRun.read(slab, SampleRun.published(slab, record), 0, 0, 100, true, read);
    assertThat(read.size).isEqualTo(2);
    assertThat(read.values[0]).isEqualTo(3);
    assertThat(read.values[1]).isEqualTo(4);
  }

  @Test
  void commonSeriesTakeFewBytes() {
    Random random = new Random(1);
    double counter = 1e6;
    long cents = 0;
    int counterRecord = slab.pages(1);
    int centsRecord = counterRecord + 8;
    int constantRecord = counterRecord + 16;
    for (int record : new int[] {counterRecord, centsRecord, constantRecord}) {
      SampleRun.clear(slab, record);
    }
    for (int i = 0; i < 240; i++) {
      counter += random.nextInt(100);
      cents += random.nextInt(2000);
      SampleRun.append(slab, counterRecord, i * 15_000, counter);
      SampleRun.append(slab, centsRecord, i * 15_000, cents / 100.0);
      SampleRun.append(slab, constantRecord, i * 15_000, 42);
    }
    assertThat((int) SampleRun.published(slab, counterRecord)).isLessThan(240 * 5 / 2);
    assertThat((int) SampleRun.published(slab, centsRecord)).isLessThan(240 * 7 / 2);
    assertThat((int) SampleRun.published(slab, constantRecord)).isLessThan(260);
  }

  private static double anyValue(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> -0.0;
      case 2 -> StaleMarker.VALUE;
      case 3 -> Double.POSITIVE_INFINITY;
      case 4 -> Double.longBitsToDouble(random.nextLong());
      case 5 -> -random.nextLong() / 2.0;
      case 6 -> random.nextInt(100_000) / 1e5;
      default -> random.nextInt();
    };
  }
}
