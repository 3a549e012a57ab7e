// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.RandomHistograms;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import io.skopos.storage.WriteRefused;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FrameRoundTripTest {

  private static final TenantId TENANT = new TenantId("acme");

  @Test
  void randomBatchesComeBackBitForBit() {
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      SampleBatch batch = randomBatch(random);
      Sharding sharding = new Sharding(1 + random.nextInt(16), 3, 4);
      List<String> decoded = new ArrayList<>();
      int rows = 0;
      for (Frame frame : batch.toFrames(TENANT, sharding)) {
        FrameRows read = FrameDecoder.decode(frame.payload(), frame.payloadLength());
        List<String> own = rows(read);
        assertThat(own).as("seed %d", seed).isEqualTo(rows(rowsOf(frame)));
        assertThat(read.batch().rows()).as("seed %d", seed).isEqualTo(frame.rows());
        assertThat(read.batch().minTimeMs()).as("seed %d", seed).isEqualTo(frame.minTimeMs());
        assertThat(read.batch().maxTimeMs()).as("seed %d", seed).isEqualTo(frame.maxTimeMs());
        assertThat(frame.shard()).isBetween(0, sharding.shardCount() - 1);
        decoded.addAll(own);
        rows += frame.rows();
      }
      int[] all = new int[batch.seriesCount()];
      Arrays.setAll(all, i -> i);
      List<String> given =
          rows(
              new FrameRows(
                  batch, all, all.length, !batch.metadata().isEmpty(), batch.exemplars()));
      Collections.sort(given);
      Collections.sort(decoded);
      assertThat(decoded).as("seed %d", seed).isEqualTo(given);
      assertThat(rows).as("seed %d", seed).isEqualTo(batch.rows());
    }
  }

  @Test
  void seriesThatComeAgainAreSharedAndComeBackBitForBit() {
    int repeated = 0;
    int mixed = 0;
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      Sharding sharding = new Sharding(1 + random.nextInt(6), seed, 4);
      List<Labels> targets = targets(random);
      Map<Labels, Integer> shards = new TreeMap<>();
      for (int round = 0; round < 12; round++) {
        SampleBatch batch = someOf(targets, round, random);
        List<String> decoded = new ArrayList<>();
        for (Frame frame : batch.toFrames(TENANT, sharding)) {
          FrameRows read = FrameDecoder.decode(frame.payload(), frame.payloadLength());
          assertThat(rows(read)).as("seed %d", seed).isEqualTo(rows(rowsOf(frame)));
          assertThat(read.batch().rows()).as("seed %d", seed).isEqualTo(frame.rows());
          for (int i = 0; i < read.count(); i++) {
            Integer shard = shards.putIfAbsent(read.batch().labels(i), frame.shard());
            assertThat(shard).as("seed %d", seed).isIn(null, frame.shard());
          }
          for (Frame.Repeated stretch : frame.repeated()) {
            int until = stretch.offset() + stretch.bytes().length();
            assertThat(Arrays.copyOfRange(frame.payload(), stretch.offset(), until))
                .isEqualTo(stretch.bytes().bytes());
          }
          repeated += frame.repeated().size();
          mixed += frame.repeated().size() < rowsOf(frame).stretches().size() ? 1 : 0;
          decoded.addAll(rows(read));
        }
        int[] all = new int[batch.seriesCount()];
        Arrays.setAll(all, i -> i);
        List<String> given = rows(new FrameRows(batch, all, all.length, false, batch.exemplars()));
        Collections.sort(given);
        Collections.sort(decoded);
        assertThat(decoded).as("seed %d", seed).isEqualTo(given);
      }
    }
    assertThat(repeated).isGreaterThan(500);
    assertThat(mixed).isGreaterThan(20);
  }

  private static List<Labels> targets(Random random) {
    List<Labels> series = new ArrayList<>();
    for (int target = 1 + random.nextInt(6); target > 0; target--) {
      int own = random.nextInt(4) == 0 ? 2000 : 1 + random.nextInt(150);
      for (int i = 0; i < own; i++) {
        series.add(
            Labels.of("__name__", "m" + i % 70, "i", "" + i, "instance", "" + target, "job", "j"));
      }
    }
    return series;
  }

  /** Most often all; else not the first, not the last, some twice, some in between left out. */
  private static SampleBatch someOf(List<Labels> series, int round, Random random) {
    SampleBatch batch = new SampleBatch();
    boolean whole = random.nextInt(3) > 0;
    int from = whole ? 0 : random.nextInt(series.size());
    int to = whole ? series.size() : from + random.nextInt(series.size() - from) + 1;
    int leftOut = whole ? -1 : random.nextInt(series.size());
    for (int i = from; i < to; i++) {
      if (i == leftOut) {
        continue;
      }
      batch.series(series.get(i));
      for (int samples = whole ? 1 : random.nextInt(4); samples > 0; samples--) {
        batch.sample(round * 15_000L + samples, randomValue(random));
      }
      if (!whole && random.nextInt(100) == 0) {
        batch.series(series.get(random.nextInt(series.size())));
        batch.sample(round * 15_000L, randomValue(random));
        batch.exemplar(RandomHistograms.exemplar(random, round * 15_000L));
      }
    }
    return batch;
  }

  @Test
  void theSeriesOfATargetStayTogether() {
    Sharding sharding = new Sharding(64, 3, 4);
    SampleBatch batch = new SampleBatch();
    for (int host = 0; host < 200; host++) {
      for (String name : new String[] {"up", "requests_total", "errors_total"}) {
        batch.series(
            Labels.of("__name__", name, "instance", "host-" + host, "job", "api", "x", name));
        batch.sample(1000, host);
      }
      for (String le : new String[] {"1", "2", "+Inf"}) {
        batch.series(
            Labels.of("__name__", "latency_bucket", "job", "x", "le", le, "pod", "" + host));
        batch.sample(1000, host);
      }
    }
    Set<String> pairs = new HashSet<>();
    Set<Integer> shards = new HashSet<>();
    for (Frame frame : batch.toFrames(TENANT, sharding)) {
      shards.add(frame.shard());
      FrameRows rows = FrameDecoder.decode(frame.payload(), frame.payloadLength());
      for (int i = 0; i < rows.count(); i++) {
        Labels labels = rows.batch().labels(i);
        pairs.add(frame.shard() + labels.getOrEmpty("instance") + "/" + labels.getOrEmpty("pod"));
      }
    }
    assertThat(pairs).hasSize(400);
    assertThat(shards).hasSize(64);
  }

  @Test
  void tenantsAreSpreadDifferently() {
    Sharding sharding = new Sharding(1024, 3, 4);
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "up", "instance", "a", "job", "b"));
    batch.sample(1, 1);
    assertThat(batch.toFrames(new TenantId("one"), sharding).getFirst().shard())
        .isNotEqualTo(batch.toFrames(new TenantId("two"), sharding).getFirst().shard());
  }

  @Test
  void largeBatchesBecomeSeveralFrames() {
    SampleBatch batch = new SampleBatch();
    String longValue = "v".repeat(100_000);
    for (int i = 0; i < 400; i++) {
      batch.series(Labels.of("__name__", "up", "i", i + longValue, "instance", "a", "job", "b"));
      batch.sample(i, i);
    }
    List<Frame> frames = batch.toFrames(TENANT, new Sharding(4, 1, 2));
    assertThat(frames).hasSize(3);
    int rows = 0;
    for (Frame frame : frames) {
      rows += FrameDecoder.decode(frame.payload(), frame.payloadLength()).batch().rows();
    }
    assertThat(rows).isEqualTo(400);
  }

  @Test
  void labelsBeyondTheLimitAreRefusedBeforeTheLog() {
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "up", "x", "v".repeat(1 << 20)));
    batch.sample(1, 1);
    assertThatThrownBy(() -> batch.toFrames(TENANT, new Sharding(4, 1, 2)))
        .isInstanceOf(WriteRefused.class)
        .hasMessageContaining("the limit is 1048576");
  }

  @Test
  void framesWithoutExtensionsStayAsTheyWere() {
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "up"));
    batch.sample(7, 8, 0);
    assertThat(batch.toFrames(TENANT, new Sharding(1, 1, 2)).getFirst().payload()[0])
        .isEqualTo((byte) 1);
    batch.sample(8, 9, 5);
    assertThat(batch.toFrames(TENANT, new Sharding(1, 1, 2)).getFirst().payload()[0])
        .isEqualTo((byte) 2);
  }

  @Test
  void exemplarsMayBeAllThereIs() {
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "up"));
    batch.exemplar(new Exemplar(Labels.of("trace_id", "1"), 2, 3));
    Frame frame = batch.toFrames(TENANT, new Sharding(1, 1, 2)).getFirst();
    assertThat(frame.rows()).isEqualTo(1);
    assertThat(frame.minTimeMs()).isEqualTo(3);
    assertThat(rows(FrameDecoder.decode(frame.payload(), frame.payloadLength())))
        .isEqualTo(rows(rowsOf(frame)))
        .hasSize(1);
  }

  @Test
  void exemplarsBeyondTheLimitsAreLeftOut() {
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "up"));
    String tooLong = "x".repeat(SampleBatch.MAX_EXEMPLAR_LABEL_BYTES);
    assertThat(batch.exemplar(new Exemplar(Labels.of("trace_id", tooLong), 2, 3))).isFalse();
    assertThat(batch.exemplar(new Exemplar(Labels.EMPTY, 2, Long.MAX_VALUE))).isFalse();
    assertThat(batch.exemplar(new Exemplar(Labels.EMPTY, 2, 3))).isTrue();
    assertThat(batch.toFrames(TENANT, new Sharding(1, 1, 2)).getFirst().rows()).isEqualTo(1);
  }

  @Test
  void histogramsThatCannotBeReadBackAreRefusedBeforeTheLog() {
    assertThatThrownBy(() -> framesOf(histogram(9, 1, 1)))
        .isInstanceOf(WriteRefused.class)
        .hasMessageContaining("has the schema 9");
    assertThatThrownBy(() -> framesOf(histogram(3, SampleBatch.MAX_BUCKETS + 1, 1)))
        .isInstanceOf(WriteRefused.class)
        .hasMessageContaining("the limit is 8192");
  }

  @Test
  void wideHistogramsBecomeSeveralFrames() {
    SampleBatch batch = new SampleBatch();
    NativeHistogram wide = histogram(3, SampleBatch.MAX_BUCKETS, 1);
    for (int i = 0; i < 600; i++) {
      batch.series(Labels.of("__name__", "wide", "instance", "a", "job", "b", "i", "" + i));
      batch.histogram(i, wide, 0);
    }
    List<Frame> frames = batch.toFrames(TENANT, new Sharding(1, 1, 2));
    assertThat(frames).hasSizeBetween(2, 4);
    int rows = 0;
    for (Frame frame : frames) {
      rows += FrameDecoder.decode(frame.payload(), frame.payloadLength()).batch().rows();
    }
    assertThat(rows).isEqualTo(600);
  }

  private static List<Frame> framesOf(NativeHistogram histogram) {
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "up"));
    batch.histogram(7, histogram, 0);
    return batch.toFrames(TENANT, new Sharding(1, 1, 2));
  }

  private static NativeHistogram histogram(int schema, int buckets, double each) {
    double[] counts = new double[buckets];
    Arrays.fill(counts, each);
    return new NativeHistogram(
        schema,
        true,
        ResetHint.UNKNOWN,
        0,
        0,
        buckets * each,
        1,
        new Buckets(new int[] {0, buckets}, counts),
        Buckets.NONE,
        NativeHistogram.NO_CUSTOM_VALUES);
  }

  @Test
  void timesBeyondNamedDaysAreRefusedBeforeTheLog() {
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "up"));
    batch.sample(Long.MAX_VALUE, 1);
    assertThatThrownBy(() -> batch.toFrames(TENANT, new Sharding(4, 1, 2)))
        .isInstanceOf(WriteRefused.class)
        .hasMessageContaining("not within the years 0 to 9999");
  }

  @Test
  void aClearedBatchIsAsNew() {
    SampleBatch batch = randomBatch(new Random(5));
    batch.clear();
    assertThat(batch.rows()).isZero();
    assertThat(batch.toFrames(TENANT, new Sharding(4, 1, 2))).isEmpty();
    batch.series(Labels.of("__name__", "up"));
    batch.sample(7, 8);
    Frame frame = batch.toFrames(TENANT, new Sharding(1, 1, 2)).getFirst();
    assertThat(rows(FrameDecoder.decode(frame.payload(), frame.payloadLength())))
        .containsExactly("{__name__=\"up\"} 7 4020000000000000");
  }

  private static FrameRows rowsOf(Frame frame) {
    return (FrameRows) Objects.requireNonNull(frame.decoded());
  }

  static SampleBatch randomBatch(Random random) {
    SampleBatch batch = new SampleBatch();
    int series = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(200);
    int shape = random.nextInt(3);
    boolean extended = random.nextBoolean();
    NativeHistogram histogram = RandomHistograms.any(random);
    long base = random.nextBoolean() ? 1_700_000_000_000L : random.nextInt() * 20_000L;
    for (int s = 0; s < series; s++) {
      TreeMap<String, String> labels = new TreeMap<>();
      labels.put("__name__", "metric_" + random.nextInt(20));
      if (random.nextInt(5) > 0) {
        labels.put("instance", "host-" + s / 40);
        labels.put("job", "node");
      }
      for (int i = random.nextInt(6); i > 0; i--) {
        labels.put("l" + random.nextInt(10), "v" + random.nextInt(30));
      }
      if (random.nextInt(20) == 0) {
        labels.put("long", "é".repeat(random.nextInt(300)));
      }
      batch.series(random.nextInt(50) == 0 ? Labels.EMPTY : Labels.of(labels));
      int samples =
          switch (shape) {
            case 0 -> 1;
            case 1 -> 4;
            default -> random.nextInt(5);
          };
      long time = base;
      for (int i = 0; i < samples; i++) {
        time += shape == 2 ? random.nextLong() >> 34 : 15_000;
        long start = extended && random.nextInt(3) == 0 ? time - random.nextInt(3) * 1000 : 0;
        if (extended && random.nextInt(3) == 0) {
          histogram = RandomHistograms.later(histogram, random);
          batch.histogram(time, histogram, start);
        } else {
          batch.sample(time, randomValue(random), start);
        }
        while (extended && random.nextInt(4) == 0) {
          batch.exemplar(RandomHistograms.exemplar(random, time - random.nextInt(2)));
        }
      }
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      batch.metadata(
          base + i, "metric_" + i, new MetricMetadata("counter", "Helps \u00e9 " + i, "seconds"));
    }
    return batch;
  }

  static double randomValue(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1 -> -0.0;
      case 2 -> StaleMarker.VALUE;
      case 3 -> Double.longBitsToDouble(0x7ff8_0000_0000_1234L);
      case 4 -> Double.NEGATIVE_INFINITY;
      case 5 -> Double.longBitsToDouble(random.nextLong());
      case 6 -> random.nextInt(1_000_000) / 100.0;
      case 7 -> -random.nextInt(1_000_000) / 1e6;
      case 8 -> random.nextLong();
      case 9 -> random.nextInt(1_000_000) * 4096.0;
      case 10 -> Double.MIN_VALUE;
      default -> random.nextInt(1000);
    };
  }

  private static String extensions(SampleBatch batch, int at) {
    NativeHistogram histogram = batch.histogramAt(at);
    return (batch.startMs(at) == 0 ? "" : " from " + batch.startMs(at))
        + (histogram == null ? "" : " " + RandomHistograms.text(histogram));
  }

  static List<String> rows(FrameRows rows) {
    List<String> list = new ArrayList<>();
    SampleBatch batch = rows.batch();
    for (int i = 0; i < rows.count(); i++) {
      int s = rows.series()[i];
      assertThat(batch.hash(s))
          .isEqualTo(SampleBatch.SERIES_HASH.hash64(batch.labels(s).canonicalBytes()));
      for (int at = batch.sampleStart(s); at < batch.sampleEnd(s); at++) {
        list.add(
            batch.labels(s)
                + " "
                + batch.timeMs(at)
                + " "
                + Long.toHexString(Double.doubleToRawLongBits(batch.value(at)))
                + extensions(batch, at));
      }
    }
    for (SampleBatch.ExemplarRow row : rows.exemplars()) {
      list.add(batch.labels(row.series()) + " " + row.exemplar());
    }
    if (rows.withMetadata()) {
      batch.metadata().forEach(row -> list.add(row.toString()));
    }
    return list;
  }
}
