// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.life;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.MetricsStore;
import io.skopos.metrics.store.RandomHistograms;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.config.ByteSize;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.Deletion;
import io.skopos.storage.Ground;
import io.skopos.storage.Positions;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.memory.MemoryBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One process of a ground with the metrics store, from opening to closing. */
final class MetricsLife implements AutoCloseable {

  static final TenantId TENANT = new TenantId("team-a");

  /** Segments that several frames fill, or that live long enough for a dictionary. */
  static final int SMALL_SEGMENTS = 8192;

  static final int SEGMENTS_WITH_DICTIONARY = 1 << 20;

  final Ground ground;
  final MetricsStore store;
  final MemoryBudget memory = new MemoryBudget(64 << 20);

  MetricsLife(Disk disk, Path directory, StorageConfig config, AtomicLong nowMs)
      throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    ground =
        Ground.open(
            directory, config, disk, () -> Instant.ofEpochMilli(nowMs.get()), memory, registry);
    try {
      store =
          new MetricsStore(ground.sharding(), ground.parts(), ground.manifests(), memory, registry);
      ground.start(List.of(store));
    } catch (IOException | RuntimeException e) {
      ground.close();
      throw e;
    }
  }

  /** Quick retries, no background looks of its own, nothing reserved. */
  static StorageConfig config(int segmentBytes, boolean flushOnClose) {
    StorageConfig defaults = StorageConfig.defaults();
    return new StorageConfig(
        3,
        new StorageConfig.Log(
            new ByteSize(segmentBytes),
            ByteSize.ofMebibytes(1),
            Duration.ofSeconds(5),
            new ByteSize(0),
            Duration.ofMillis(1),
            true),
        new StorageConfig.Flush(
            Duration.ofHours(2), 0.4, ByteSize.ofMebibytes(64), new ByteSize(0), flushOnClose),
        new StorageConfig.Compaction(
            3, ByteSize.ofMebibytes(64), Duration.ofHours(1), Duration.ofHours(10), 1),
        defaults.retention(),
        defaults.objectStore(),
        0.25,
        Duration.ofHours(1),
        defaults.tiering());
  }

  CompletableFuture<Positions> write(SampleBatch batch) {
    return ground.write(batch.toFrames(TENANT, ground.sharding()));
  }

  CompletableFuture<Void> delete(List<Matcher> matchers, TimeRange range) {
    return ground.delete(TENANT, Signal.METRICS, new Deletion(matchers, range));
  }

  /** What a question to everything answers. */
  Answer read() {
    Map<String, TreeMap<Long, String>> found = new TreeMap<>();
    SampleBuffer samples = new SampleBuffer();
    try (SampleSource.Selection selection =
        store.select(TENANT, List.of(), TimeRange.ALL, QueryBudget.unlimited())) {
      for (int i = 0; i < selection.size(); i++) {
        samples.clear();
        selection.read(i, Long.MIN_VALUE, Long.MAX_VALUE, samples);
        TreeMap<Long, String> own =
            found.computeIfAbsent(selection.labels(i).toString(), series -> new TreeMap<>());
        for (int at = 0; at < samples.size; at++) {
          NativeHistogram histogram = samples.histograms == null ? null : samples.histograms[at];
          long start = samples.startsMs == null ? 0 : samples.startsMs[at];
          String before = own.put(samples.timesMs[at], text(samples.values[at], histogram, start));
          if (before != null) {
            throw new AssertionError(
                selection.labels(i) + " has two samples at " + samples.timesMs[at]);
          }
        }
      }
      return new Answer(found, selection.warnings());
    }
  }

  /** Samples as text by series and time, and what the answer says it is missing. */
  record Answer(Map<String, TreeMap<Long, String>> samples, List<String> warnings) {}

  /** To the bit. */
  static String text(double value, @Nullable NativeHistogram histogram, long startMs) {
    return Long.toHexString(Double.doubleToRawLongBits(value))
        + (startMs == 0 ? "" : " from " + startMs)
        + (histogram == null
            ? ""
            : " " + RandomHistograms.text(RandomHistograms.withoutHint(histogram)));
  }

  @Override
  public void close() {
    ground.close();
  }
}
