// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.self;

import io.skopos.ingest.scrape.OwnSource;
import io.skopos.metrics.exposition.ExpositionException;
import io.skopos.metrics.exposition.ExpositionFormat;
import io.skopos.metrics.exposition.ExpositionParser;
import io.skopos.metrics.exposition.LabelMapping;
import io.skopos.metrics.exposition.SampleBatchSink;
import io.skopos.metrics.exposition.SeriesCache;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.TenantId;
import io.skopos.storage.Intake;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the server's own metrics as a scrape of {@code /metrics} would, without the way over the
 * network, so that it works with any TLS and access settings.
 */
public final class SelfScrape implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SelfScrape.class);

  /** Far more than there are. */
  private static final int MAX_SERIES = 100_000;

  private final OwnMetrics metrics;
  private final Intake intake;
  private final TenantId tenant;
  private final InstantSource clock;
  private final Labels target;
  private final Duration interval;
  private final OwnSource source;
  private final SeriesCache series;
  private final ExpositionParser parser = ExpositionParser.lax(ExpositionFormat.TEXT);

  /** Types and help that were read and not stored yet. */
  private final Map<String, MetricMetadata> untold = new HashMap<>();

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("self-scrape").factory());

  /**
   * @param instance the address it listens on
   */
  public SelfScrape(
      OwnMetrics metrics,
      Intake intake,
      TenantId tenant,
      InstantSource clock,
      String instance,
      Duration interval) {
    this.metrics = metrics;
    this.intake = intake;
    this.tenant = tenant;
    this.clock = clock;
    this.target = Labels.of("job", "skopos", "instance", instance);
    this.interval = interval;
    this.source =
        new OwnSource(tenant, "skopos", target, "http://" + instance + "/metrics", interval);
    LabelMapping mapping =
        (exposed, _) -> {
          LabelsBuilder labels = new LabelsBuilder(exposed);
          for (Label label : target) {
            labels.set(label.name(), label.value());
          }
          return labels.build();
        };
    this.series = new SeriesCache(mapping, MAX_SERIES);
  }

  public void start() {
    timer.scheduleAtFixedRate(this::scrape, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How it is shown among the targets. */
  public OwnSource source() {
    return source;
  }

  private void scrape() {
    Instant start = clock.instant();
    long began = System.nanoTime();
    int samples = 0;
    String error = "";
    try {
      SampleBatch batch = read(start.toEpochMilli());
      samples = batch.rows();
      long now = start.toEpochMilli();
      add(batch, "scrape_samples_scraped", now, samples);
      add(batch, "scrape_duration_seconds", now, (System.nanoTime() - began) / 1e9);
      add(batch, "up", now, 1);
      untold.forEach((family, metadata) -> batch.metadata(now, family, metadata));
      intake.append(tenant, batch).get(30, TimeUnit.SECONDS);
      untold.clear();
    } catch (ExecutionException e) {
      error = String.valueOf(e.getCause());
      log.warn("own metrics were not stored: {}", error);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (IOException | ExpositionException | TimeoutException e) {
      error = String.valueOf(e);
      log.warn("own metrics were not stored", e);
    } catch (RuntimeException e) {
      // A throw would end the timer.
      error = String.valueOf(e);
      log.error("own metrics were not stored", e);
    }
    source.record(start, Duration.ofNanos(System.nanoTime() - began), error, samples);
  }

  private SampleBatch read(long now) throws IOException, ExpositionException {
    byte[] text = metrics.textNow();
    SampleBatch batch = new SampleBatch();
    SampleBatchSink sink = new SampleBatchSink(batch, now);
    parser.parse(text, 0, text.length, series, sink);
    untold.putAll(sink.metadata());
    return batch;
  }

  private void add(SampleBatch batch, String name, long now, double value) {
    batch.series(new LabelsBuilder(target).set(Label.METRIC_NAME, name).build());
    batch.sample(now, value);
  }

  @Override
  public void close() {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(5, TimeUnit.SECONDS)) {
        timer.shutdownNow();
      }
    } catch (InterruptedException e) {
      timer.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
