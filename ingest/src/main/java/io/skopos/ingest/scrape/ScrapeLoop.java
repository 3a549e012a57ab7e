// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.ingest.relabel.Relabelling;
import io.skopos.ingest.scrape.config.ScrapeConfig;
import io.skopos.metrics.exposition.ExpositionFormat;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.storage.WriteRefused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scrapes one target, turn after turn, on a thread of its own, until stopped. */
final class ScrapeLoop {

  private static final Logger log = LoggerFactory.getLogger(ScrapeLoop.class);

  /** A turn that came at most this late counts as on time: even times compress far better. */
  private static final long ALIGNMENT_MS = 2;

  private final ScrapeContext context;
  private final ScrapeConfig config;
  private final TargetFetch fetch;
  private final TargetSeries series;
  private final ScrapeReport report;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private final ArrayDeque<ScrapeResult> history = new ArrayDeque<>();
  private volatile Target target;
  private volatile String forcedError = "";
  private volatile boolean endSeries;
  private @Nullable Boolean wasUp;
  private boolean duplicatesReported;

  /**
   * @param inherited series that a former loop of this target left alive
   */
  ScrapeLoop(
      ScrapeContext context,
      ScrapeConfig config,
      Relabelling metricRelabelling,
      TargetFetch fetch,
      Target target,
      Collection<Labels> inherited) {
    this.context = context;
    this.config = config;
    this.fetch = fetch;
    this.target = target;
    this.report = new ScrapeReport(target.labels(), config.exposition().extraMetrics());
    this.series =
        new TargetSeries(
            config,
            context.settings(),
            new SeriesMapping(target.labels(), config, metricRelabelling),
            inherited);
    this.thread = context.waiting().newThread(this::run);
  }

  void start() {
    thread.start();
  }

  Target target() {
    return target;
  }

  /** Discovered labels may change while what is scraped stays the same. */
  void rediscovered(Target same) {
    target = same;
  }

  /** While set, scrapes fail with it before they begin; empty ends that. */
  void forceError(String error) {
    forcedError = error;
  }

  /** Begins to stop: no further turn, and the request under way is given up. */
  void stop(boolean withStaleMarkers) {
    endSeries = withStaleMarkers;
    stopped.countDown();
    thread.interrupt();
  }

  /** After {@link #stop}. */
  void awaitEnd() throws InterruptedException {
    thread.join();
  }

  /** What is alive; only after {@link #awaitEnd}. */
  List<Labels> alive() {
    return series.alive();
  }

  /** What the target says about its metric families. */
  Map<String, MetricMetadata> families() {
    return series.families();
  }

  /** The last scrapes, newest first. */
  List<ScrapeResult> history() {
    synchronized (history) {
      return List.copyOf(history);
    }
  }

  private void run() {
    long intervalMs = target.interval().toMillis();
    long turnMs = firstTurn();
    try {
      while (true) {
        if (turnMs - context.clock().millis() > intervalMs) {
          turnMs = firstTurn(); // the clock was set back
        }
        if (stopped.await(turnMs - context.clock().millis(), TimeUnit.MILLISECONDS)) {
          break;
        }
        long nowMs = context.clock().millis();
        scrape(Math.abs(nowMs - turnMs) <= ALIGNMENT_MS ? turnMs : nowMs);
        turnMs += intervalMs;
        long lateMs = context.clock().millis() - turnMs;
        if (lateMs > 0) {
          long missed = lateMs / intervalMs + 1;
          context.metrics().missedTurns.inc(missed);
          turnMs += missed * intervalMs;
        }
      }
    } catch (InterruptedException e) {
      log.trace("the loop of {} was stopped", target.url());
    } catch (RuntimeException | Error e) {
      log.error("scraping {} ended by a defect", target.url(), e);
      throw e;
    }
    if (endSeries) {
      endSeries();
    }
  }

  private long firstTurn() {
    long nowMs = context.clock().millis();
    return nowMs + target.firstWaitMs(nowMs);
  }

  private void scrape(long scrapeMs) throws InterruptedException {
    ScrapeBuffers buffers = context.buffers().borrow();
    long begun = System.nanoTime();
    context.metrics().scrapes.inc();
    TargetSeries.Counts counts = new TargetSeries.Counts();
    String error = "";
    try {
      counts = fetchAndRead(buffers, scrapeMs);
    } catch (ScrapeFailure e) {
      error = String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      log.error("scraping {} failed by a defect of ours", target.url(), e);
      error = "a defect of the scraper: " + e;
      series.notStored();
    }
    if (!error.isEmpty()) {
      buffers.batch.clear();
      series.endAll(scrapeMs, buffers.batch);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    report.add(buffers.batch, scrapeMs, error.isEmpty(), took.toNanos() / 1e9, counts);
    report.addExtra(
        buffers.batch,
        scrapeMs,
        target.timeout().toNanos() / 1e9,
        config.limits().samples(),
        error.startsWith(TargetFetch.TOO_LARGE) ? -1 : counts.bodyBytes);
    error = append(buffers.batch, scrapeMs, took, error);
    remember(
        new ScrapeResult(
            Instant.ofEpochMilli(scrapeMs),
            took,
            error,
            counts.bodyBytes,
            counts.samples,
            counts.stored,
            counts.added,
            counts.duplicates,
            counts.outOfBounds),
        counts);
    context.buffers().giveBack(buffers);
  }

  private TargetSeries.Counts fetchAndRead(ScrapeBuffers buffers, long scrapeMs)
      throws ScrapeFailure, InterruptedException {
    if (!forcedError.isEmpty()) {
      throw new ScrapeFailure(forcedError);
    }
    TargetFetch.Fetched fetched =
        fetch.fetch(target.url(), target.timeout(), bodyLimit(), buffers.wire);
    ExpositionFormat format =
        ContentTypes.format(fetched.contentType(), config.exposition().fallback());
    // Not interruptible: the series must not be touched by a stopping loop meanwhile.
    ReadOutcome outcome =
        CompletableFuture.supplyAsync(
                () -> read(buffers, fetched.gzip(), format, scrapeMs), context.parsing())
            .join();
    if (outcome.failure() != null) {
      throw outcome.failure();
    }
    return outcome.counts();
  }

  private record ReadOutcome(TargetSeries.Counts counts, @Nullable ScrapeFailure failure) {}

  private ReadOutcome read(
      ScrapeBuffers buffers, boolean gzip, ExpositionFormat format, long scrapeMs) {
    try {
      BodyBytes body = buffers.wire;
      if (gzip) {
        Gunzip.decompress(buffers.wire, buffers.body, bodyLimit());
        body = buffers.body;
      }
      context.metrics().bodyBytes.inc(body.length);
      long oldestMs = context.oldestKeptMs().getAsLong();
      return new ReadOutcome(series.read(body, format, scrapeMs, oldestMs, buffers.batch), null);
    } catch (ScrapeFailure e) {
      return new ReadOutcome(new TargetSeries.Counts(), e);
    }
  }

  private long bodyLimit() {
    long configured = config.limits().bodyBytes();
    return configured > 0 ? configured : context.settings().maxBody().bytes();
  }

  /** Returns the scrape's error: that of the scrape itself, or what the intake said. */
  private String append(SampleBatch batch, long scrapeMs, Duration took, String error)
      throws InterruptedException {
    try {
      context.intake().append(context.tenant(), batch).get();
      series.stored();
      return error;
    } catch (ExecutionException e) {
      context.metrics().appendFailures.inc();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof WriteRefused refused && refused.keptRows() > 0) {
        // The report is among what was kept: the target is up, some of its samples are missing.
        series.stored();
        log.debug("of {} some samples were refused: {}", target.url(), refused.getMessage());
        return error;
      }
      series.notStored();
      String refusal = "cannot store the samples: " + cause.getMessage();
      if (cause instanceof WriteRefused) {
        appendFailureAlone(batch, scrapeMs, took);
      }
      return error.isEmpty() ? refusal : error;
    }
  }

  /** The limit that refused the samples should not hide that there is a target in trouble. */
  private void appendFailureAlone(SampleBatch batch, long scrapeMs, Duration took)
      throws InterruptedException {
    batch.clear();
    series.endAll(scrapeMs, batch);
    report.add(batch, scrapeMs, false, took.toNanos() / 1e9, new TargetSeries.Counts());
    try {
      context.intake().append(context.tenant(), batch).get();
    } catch (ExecutionException e) {
      log.debug("cannot store either that {} could not be stored", target.url(), e.getCause());
    }
  }

  private void remember(ScrapeResult result, TargetSeries.Counts counts) {
    ScrapeMetrics metrics = context.metrics();
    metrics.duration.observe(result.duration().toNanos() / 1e9);
    metrics.samples.inc(result.stored());
    metrics.duplicateSamples.inc(result.duplicates());
    metrics.outOfBoundsSamples.inc(result.outOfBounds());
    if (!result.up()) {
      metrics.failures.inc();
    }
    if (result.duplicates() > 0 && !duplicatesReported) {
      duplicatesReported = true;
      log.warn(
          "{} exposes series more than once; the first sample counts; the first such series is {}",
          target.url(),
          counts.firstDuplicate);
    }
    if (wasUp == null ? !result.up() : wasUp != result.up()) {
      if (result.up()) {
        log.info("{} of job {} is up again", target.url(), config.jobName());
      } else {
        log.warn("{} of job {} is down: {}", target.url(), config.jobName(), result.error());
      }
    }
    wasUp = result.up();
    synchronized (history) {
      history.addFirst(result);
      while (history.size() > context.settings().history()) {
        history.removeLast();
      }
    }
  }

  private void endSeries() {
    ScrapeBuffers buffers = context.buffers().borrow();
    long nowMs = context.clock().millis();
    series.endAll(nowMs, buffers.batch);
    report.addStale(buffers.batch, nowMs);
    try {
      // Not interruptible: the interruption that stopped the loop may still be on its way.
      context.intake().append(context.tenant(), buffers.batch).join();
      context.buffers().giveBack(buffers);
    } catch (CompletionException e) {
      log.warn("cannot store the stale markers of {}", target.url(), e.getCause());
    }
  }
}
