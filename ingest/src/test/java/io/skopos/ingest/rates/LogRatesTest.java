// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.rates;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.logs.LogsConfig;
import io.skopos.logs.rates.LineRates;
import io.skopos.logs.store.LogBatch;
import io.skopos.logs.store.frame.FrameCodec;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Labels;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Batch;
import io.skopos.storage.Deletion;
import io.skopos.storage.Frame;
import io.skopos.storage.Intake;
import io.skopos.storage.Sharding;
import io.skopos.storage.WriteUnavailable;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.documents.StoredDocuments;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LogRatesTest {

  private static final TenantId SHOP = new TenantId("shop");
  private static final Sharding SHARDING = new Sharding(2, 11, 12);

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final List<String> samples = new ArrayList<>();
  private long nowMs = 1_800_000_000_000L;
  private final InstantSource clock = () -> Instant.ofEpochMilli(nowMs);
  private boolean full;
  private final LineRates lines;
  private final LogRates rates;
  private final long[] positions = {-1, -1};
  private long position;

  /** Where samples go: their metric, level, seconds since the start and value. */
  private final class Samples implements Intake {

    @Override
    public CompletableFuture<Void> append(TenantId tenant, Batch batch) {
      assertThat(tenant).isEqualTo(SHOP);
      if (full) {
        return CompletableFuture.failedFuture(new WriteUnavailable("the disk is full", null));
      }
      SampleBatch taken = (SampleBatch) batch;
      for (int series = 0; series < taken.seriesCount(); series++) {
        Labels labels = taken.labels(series);
        for (int i = taken.sampleStart(series); i < taken.sampleEnd(series); i++) {
          String value = StaleMarker.is(taken.value(i)) ? "stale" : (long) taken.value(i) + "";
          long second = (taken.timeMs(i) - 1_800_000_000_000L) / 1000;
          samples.add(
              labels.get("__name__") + " " + labels.get("level") + " " + second + " " + value);
        }
      }
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion) {
      throw new AssertionError("nothing is deleted");
    }
  }

  LogRatesTest() throws IOException {
    lines =
        new LineRates(
            _ -> LogsConfig.DEFAULT,
            new StoredDocuments(
                new DirectoryObjectStore(new SimulatedDisk(1), Path.of("/objects"), registry),
                1 << 20,
                new DamagedFiles(clock, registry),
                clock,
                registry),
            SHARDING.shardCount(),
            clock,
            registry);
    lines.begin(false);
    rates = new LogRates(lines, new Samples(), Duration.ofSeconds(15), clock, registry);
  }

  private void line(String level, String text) {
    LogBatch batch = new LogBatch();
    batch.entry(batch.stream(Labels.of("service_name", "web", "level", level)), 1, text);
    for (Frame frame : batch.toFrames(SHOP, SHARDING)) {
      positions[frame.shard()] = ++position;
      lines.applied(
          SHOP, frame.shard(), FrameCodec.decode(frame.payload(), frame.payloadLength()), position);
    }
  }

  private void flush() throws IOException {
    for (int shard = 0; shard < positions.length; shard++) {
      lines.freeze(shard, positions[shard]);
    }
    lines.flush(positions.clone());
  }

  private List<String> written() {
    samples.clear();
    nowMs += 15_000;
    rates.write();
    return samples.stream().filter(sample -> sample.startsWith(LogRates.LINES)).toList();
  }

  @Test
  void countersBeginWithZeroGoOnAndEnd() throws IOException {
    assertThat(written()).isEmpty();
    line("error", "four");
    assertThat(written())
        .containsExactly("skopos_log_lines_total error 15 0", "skopos_log_lines_total error 30 1");
    assertThat(samples)
        .contains("skopos_log_bytes_total error 15 0", "skopos_log_bytes_total error 30 4");
    assertThat(written()).containsExactly("skopos_log_lines_total error 45 1");
    line("error", "four");
    line("info", "x");
    assertThat(written())
        .containsExactlyInAnyOrder(
            "skopos_log_lines_total error 60 2",
            "skopos_log_lines_total info 45 0",
            "skopos_log_lines_total info 60 1");
    flush();
    nowMs += Duration.ofHours(2).toMillis();
    flush();
    assertThat(written())
        .containsExactlyInAnyOrder(
            "skopos_log_lines_total error 7275 stale", "skopos_log_lines_total info 7275 stale");
    assertThat(written()).isEmpty();
  }

  @Test
  void whatCouldNotBeWrittenIsInTheNextCount() {
    line("error", "four");
    assertThat(written()).hasSize(2);
    full = true;
    line("error", "four");
    assertThat(written()).isEmpty();
    full = false;
    line("error", "four");
    assertThat(written()).containsExactly("skopos_log_lines_total error 45 3");
  }
}
