// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.host;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.ingest.scrape.OwnSource;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.TenantId;
import io.skopos.storage.Intake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records this host's metrics at an interval, as one batch each time. Where there is no Linux /proc
 * it says so once and does nothing.
 */
public final class HostMetrics implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HostMetrics.class);

  private final TenantId tenant;
  private final Intake intake;
  private final InstantSource clock;
  private final long intervalMs;
  private final boolean available;
  private final HostSamples samples;
  private final FilesystemCollector filesystems;
  private final List<HostCollector> collectors;
  private final Set<String> failing = new HashSet<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Counter failures;
  private final Thread thread;
  private final OwnSource source;
  private SampleBatch batch = new SampleBatch();

  public HostMetrics(
      HostMetricsSettings settings,
      TenantId tenant,
      Intake intake,
      InstantSource clock,
      PrometheusRegistry registry) {
    this.tenant = tenant;
    this.intake = intake;
    this.clock = clock;
    this.intervalMs = Math.max(1, settings.interval().toMillis());
    KernelFiles files =
        new KernelFiles(
            Path.of(settings.procPath()),
            Path.of(settings.sysPath()),
            Path.of(settings.rootPath()));
    this.available = settings.enabled() && Files.isReadable(files.proc().resolve("stat"));
    Labels labels = commonLabels(settings, files);
    this.samples = new HostSamples(labels);
    this.source =
        new OwnSource(
            tenant,
            labels.getOrEmpty("job"),
            labels,
            files.proc().toUri().toString(),
            settings.interval());
    this.filesystems = new FilesystemCollector(files);
    this.collectors = new ArrayList<>(new SystemCollector(files, clock).parts());
    collectors.addAll(
        List.of(
            new StatCollector(files),
            new MemoryCollector(files),
            new DiskCollector(files),
            filesystems,
            new NetworkCollector(files),
            new NetstatCollector(files)));
    this.failures =
        Counter.builder()
            .name("skopos_ingest_host_collector_failures_total")
            .help("Readings of a part of the host's metrics that failed.")
            .labelNames("collector")
            .register(registry);
    this.thread = Thread.ofPlatform().daemon().name("host-metrics").unstarted(this::run);
    if (settings.enabled() && !available) {
      log.info("no metrics of this host: '{}/stat' is not readable", settings.procPath());
    }
  }

  private static Labels commonLabels(HostMetricsSettings settings, KernelFiles files) {
    String instance = settings.instance();
    if (instance.isEmpty()) {
      String name = KernelFiles.textOrNull(files.proc().resolve("sys/kernel/hostname"));
      instance = name == null || name.isEmpty() ? "localhost" : name;
    }
    return new LabelsBuilder().set("job", settings.job()).set("instance", instance).build();
  }

  /** How it is shown among the targets; empty where there is nothing to read. */
  public Optional<OwnSource> source() {
    return available ? Optional.of(source) : Optional.empty();
  }

  public void start() {
    if (available) {
      thread.start();
    }
  }

  private void run() {
    long turnMs = clock.millis();
    try {
      do {
        record();
        turnMs += intervalMs;
        long lateMs = clock.millis() - turnMs;
        turnMs += lateMs > 0 ? (lateMs / intervalMs + 1) * intervalMs : 0;
        turnMs = Math.min(turnMs, clock.millis() + intervalMs); // the clock may be set back
      } while (!stopped.await(turnMs - clock.millis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      log.error("recording this host's metrics ended by a defect", e);
      throw e;
    }
  }

  private void record() throws InterruptedException {
    Instant start = clock.instant();
    long begun = System.nanoTime();
    read(batch, start.toEpochMilli());
    int count = batch.rows();
    try {
      intake.append(tenant, batch).get();
      source.record(start, Duration.ofNanos(System.nanoTime() - begun), "", count);
      samples.finished(true);
      batch.clear();
    } catch (ExecutionException e) {
      String error = "cannot store the samples: " + e.getCause();
      source.record(start, Duration.ofNanos(System.nanoTime() - begun), error, count);
      samples.finished(false);
      failures.labelValues("append").inc();
      log.debug("cannot store this host's metrics", e.getCause());
      batch = new SampleBatch();
    }
  }

  /** Fills the batch with one reading. */
  void read(SampleBatch into, long timeMs) {
    long begun = System.nanoTime();
    samples.begin(into, timeMs);
    for (HostCollector collector : collectors) {
      collect(collector);
    }
    int count = samples.count();
    samples.gauge("up", "", 1);
    samples.gauge("scrape_duration_seconds", "", (System.nanoTime() - begun) / 1e9);
    samples.gauge("scrape_samples_scraped", "", count);
    samples.gauge("scrape_samples_post_metric_relabeling", "", count);
    samples.end();
  }

  private void collect(HostCollector collector) {
    long begun = System.nanoTime();
    boolean success = true;
    try {
      collector.collect(samples);
      failing.remove(collector.name());
    } catch (IOException | RuntimeException e) {
      success = false;
      failures.labelValues(collector.name()).inc();
      if (failing.add(collector.name())) {
        log.warn("cannot read all of this host's metrics: {}", collector.name(), e);
      }
    }
    samples.gauge(
        "node_scrape_collector_duration_seconds",
        "node_exporter: Duration of a collector scrape.",
        (System.nanoTime() - begun) / 1e9,
        "collector",
        collector.name());
    samples.gauge(
        "node_scrape_collector_success",
        "node_exporter: Whether a collector succeeded.",
        success ? 1 : 0,
        "collector",
        collector.name());
  }

  @Override
  public void close() {
    stopped.countDown();
    thread.interrupt();
    filesystems.close();
  }
}
