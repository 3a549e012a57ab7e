// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.rates;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.logs.rates.LineCount;
import io.skopos.logs.rates.LineRates;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.TenantId;
import io.skopos.storage.Intake;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends the counts of log lines every interval. A counter begins with a zero at the time of the
 * write before, so that {@code rate} and {@code increase} see its first lines too.
 */
public final class LogRates implements AutoCloseable {

  /** Lines, by level and the labels chosen. */
  public static final String LINES = "skopos_log_lines_total";

  /** Bytes of these lines. */
  public static final String BYTES = "skopos_log_bytes_total";

  private static final Logger LOG = LoggerFactory.getLogger(LogRates.class);
  private static final int LONGEST_WAIT_SECONDS = 30;

  /** What is known of the metrics is said again to tenants beyond. */
  private static final int MAX_TOLD = 10_000;

  private final LineRates rates;
  private final Intake intake;
  private final Duration interval;
  private final InstantSource clock;
  private final Counter failures;
  private final Set<TenantId> told = new HashSet<>();
  private long lastMs;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("log-rates").factory());

  public LogRates(
      LineRates rates,
      Intake intake,
      Duration interval,
      InstantSource clock,
      PrometheusRegistry registry) {
    this.rates = rates;
    this.intake = intake;
    this.interval = interval;
    this.clock = clock;
    this.lastMs = clock.millis();
    failures =
        Counter.builder()
            .name("skopos_log_rates_failures_total")
            .help("Times a tenant's counters of log lines could not be written.")
            .register(registry);
  }

  public void start() {
    timer.scheduleAtFixedRate(
        this::writeSafely, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Writes all counters as of now. */
  void write() {
    long now = Math.max(clock.millis(), lastMs + 1);
    Map<TenantId, CompletableFuture<Void>> writes = new LinkedHashMap<>();
    rates.read(
        (tenant, counts) -> writes.put(tenant, intake.append(tenant, batch(tenant, counts, now))));
    writes.forEach(this::await);
    lastMs = now;
  }

  private SampleBatch batch(TenantId tenant, List<LineCount> counts, long now) {
    SampleBatch batch = new SampleBatch();
    for (LineCount count : counts) {
      add(batch, LINES, count, count.lines(), now);
      add(batch, BYTES, count, count.bytes(), now);
    }
    if (told.size() < MAX_TOLD && told.add(tenant)) {
      batch.metadata(now, LINES, new MetricMetadata("counter", "Log lines that came.", ""));
      batch.metadata(now, BYTES, new MetricMetadata("counter", "Bytes of log lines.", "bytes"));
    }
    return batch;
  }

  private void add(SampleBatch batch, String metric, LineCount count, long value, long now) {
    Labels labels =
        new LabelsBuilder(count.labels())
            .set(Label.METRIC_NAME, metric)
            .set("level", count.level().word())
            .build();
    batch.series(labels);
    switch (count.state()) {
      case NEW -> {
        batch.sample(lastMs, 0);
        batch.sample(now, value);
      }
      case GOING_ON -> batch.sample(now, value);
      case ENDED -> batch.sample(now, StaleMarker.VALUE);
    }
  }

  private void await(TenantId tenant, CompletableFuture<Void> write) {
    try {
      write.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      failures.inc();
      LOG.warn(
          "counters of log lines of the tenant {} were not written: {}",
          tenant,
          String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
    }
  }

  private void writeSafely() {
    try {
      write();
    } catch (RuntimeException e) {
      // A throw would end the timer.
      failures.inc();
      LOG.error("counters of log lines were not written", e);
    }
  }

  /** Writes once more. */
  @Override
  public void close() {
    timer.shutdown();
    try {
      if (timer.awaitTermination(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
        writeSafely();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
