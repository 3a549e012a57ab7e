// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.flush;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.SignalStore;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.log.IngestLog;
import io.skopos.storage.publish.PendingDeletions;
import io.skopos.storage.publish.Publications;
import io.skopos.storage.shard.ShardWriters;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the heads as parts when they grow too large, when the log does, when rows have been in
 * memory for long, or when asked. One cycle at a time, on a thread of its own.
 *
 * <p>A cycle: freeze all shards at one cut; each store writes its frozen heads and publishes them;
 * deletions before the cut are noted in all manifests; the log is released up to the cut. When any
 * step fails nothing is released: the rows stay in memory and in the log for the next cycle, and
 * what was published is skipped by its manifest after a crash.
 *
 * <p>Heads of one signal that have grown beyond a bound of their own are flushed without the
 * others. Such a cycle ends with the publication: the log is released by the next whole one.
 */
public final class FlushCycle implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FlushCycle.class);
  private static final long LOOK_EVERY_MS = 100;
  private static final long RETRY_AFTER_MS = 5_000;
  private static final long ROLL_SECONDS = 30;

  private final StorageConfig.Flush config;
  private final List<SignalStore> stores;
  private final ShardWriters writers;
  private final IngestLog log;
  private final Publications publications;
  private final PendingDeletions deletions;
  private final HeadPressure pressure;
  private final InstantSource clock;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition asked = lock.newCondition();
  private List<CompletableFuture<Void>> requests = new ArrayList<>();
  private boolean closed;

  private volatile long lastFlushMs;
  private volatile String lastError = "";

  // The cycle's thread only.
  private long frozenAtMs;
  private long frozenAtBytes;
  private long failedAtMs = Long.MIN_VALUE;

  private final Counter cycles;
  private final Counter failures;
  private final Histogram seconds;

  /** Why a cycle runs; a label of {@code skopos_storage_flushes_total}. */
  private enum Trigger {
    REQUEST,
    MEMORY,
    LOG_SIZE,
    AGE,
    SIGNAL_SIZE
  }

  public FlushCycle(
      StorageConfig.Flush config,
      List<SignalStore> stores,
      ShardWriters writers,
      IngestLog log,
      Publications publications,
      PendingDeletions deletions,
      HeadPressure pressure,
      InstantSource clock,
      PrometheusRegistry registry) {
    this.config = config;
    this.stores = stores;
    this.writers = writers;
    this.log = log;
    this.publications = publications;
    this.deletions = deletions;
    this.pressure = pressure;
    this.clock = clock;
    this.frozenAtMs = clock.millis();
    cycles =
        Counter.builder()
            .name("skopos_storage_flushes_total")
            .help("Times heads were written as parts, by what asked for it.")
            .labelNames("trigger")
            .register(registry);
    failures =
        Counter.builder()
            .name("skopos_storage_flush_failures_total")
            .help("Flushes that failed; their rows stay in memory and in the log.")
            .register(registry);
    seconds =
        Histogram.builder()
            .name("skopos_storage_flush_seconds")
            .help("Time of a whole flush.")
            .classicOnly()
            .classicUpperBounds(.01, .05, .1, .5, 1, 5, 10, 30, 60, 300)
            .register(registry);
    Gauge limit =
        Gauge.builder()
            .name("skopos_storage_head_limit_bytes")
            .help("Memory of all heads at which writes are refused.")
            .register(registry);
    limit.set(pressure.limitBytes());
    thread = Thread.ofPlatform().name("skopos-flush").daemon(true).start(this::run);
  }

  /** Asks for a cycle that begins after this call; completes when it has ended. */
  public CompletableFuture<Void> request() {
    CompletableFuture<Void> request = new CompletableFuture<>();
    lock.lock();
    try {
      if (closed) {
        request.completeExceptionally(new IOException("the server is stopping"));
        return request;
      }
      requests.add(request);
      asked.signal();
    } finally {
      lock.unlock();
    }
    return request;
  }

  public long lastFlushMs() {
    return lastFlushMs;
  }

  /** Empty when the last cycle went well. */
  public String lastError() {
    return lastError;
  }

  private void run() {
    while (true) {
      List<CompletableFuture<Void>> answered = awaitRequests();
      @Nullable Trigger trigger = answered.isEmpty() ? triggered() : Trigger.REQUEST;
      if (trigger != null) {
        cycle(trigger, answered);
      }
      if (isEnded()) {
        return;
      }
    }
  }

  private List<CompletableFuture<Void>> awaitRequests() {
    lock.lock();
    try {
      if (requests.isEmpty() && !closed) {
        asked.await(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      // The thread ends by close() only.
      LOG.debug("the flush thread was interrupted", e);
    } finally {
      lock.unlock();
    }
    lock.lock();
    try {
      List<CompletableFuture<Void>> taken = requests;
      requests = new ArrayList<>();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private boolean isEnded() {
    lock.lock();
    try {
      return closed && requests.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Trigger triggered() {
    long now = clock.millis();
    if (failedAtMs != Long.MIN_VALUE && now < failedAtMs + RETRY_AFTER_MS && now >= failedAtMs) {
      return null;
    }
    if (failedAtMs != Long.MIN_VALUE || pressure.asksForFlush()) {
      return Trigger.MEMORY;
    }
    long unflushed = log.health().appendedBytes() - frozenAtBytes;
    if (unflushed >= config.logSize().bytes() && config.logSize().bytes() > 0) {
      return Trigger.LOG_SIZE;
    }
    // A clock that was set back must not keep rows in memory for as long.
    frozenAtMs = Math.min(frozenAtMs, now);
    long interval = config.interval().toMillis();
    if (unflushed > 0 && interval > 0 && now - frozenAtMs >= interval) {
      return Trigger.AGE;
    }
    return stores.stream().anyMatch(this::isTooLarge) ? Trigger.SIGNAL_SIZE : null;
  }

  /** Whether a bound of its own is reached. */
  private boolean isTooLarge(SignalStore store) {
    long bound = config.ownBytes(store.signal());
    return bound > 0 && store.headBytes() >= bound;
  }

  private void cycle(Trigger trigger, List<CompletableFuture<Void>> answered) {
    long started = System.nanoTime();
    try {
      if (trigger == Trigger.SIGNAL_SIZE) {
        List<SignalStore> some = stores.stream().filter(this::isTooLarge).toList();
        write(some, writers.freeze(some).join());
      } else {
        flush();
      }
      failedAtMs = Long.MIN_VALUE;
      lastError = "";
      lastFlushMs = clock.millis();
      cycles.labelValues(trigger.name().toLowerCase(java.util.Locale.ROOT)).inc();
      answered.forEach(request -> request.complete(null));
    } catch (IOException | RuntimeException | Error e) {
      failedAtMs = clock.millis();
      lastError = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      failures.inc();
      LOG.error("the flush failed; its rows stay in memory and in the log", e);
      answered.forEach(request -> request.completeExceptionally(e));
    } finally {
      seconds.observe((System.nanoTime() - started) / 1e9);
    }
  }

  /**
   * Without it the segment being written would outlive this flush, because of a few frames behind
   * the cut.
   */
  private void awaitRoll() {
    try {
      log.roll().get(ROLL_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("the log did not begin a new segment; this flush frees less of it", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void flush() throws IOException {
    long appended = log.health().appendedBytes();
    awaitRoll();
    long[] cut = writers.freeze(stores).join();
    frozenAtMs = clock.millis();
    frozenAtBytes = appended;
    List<PendingDeletions.Pending> before = deletions.before(cut);
    write(stores, cut);
    for (PendingDeletions.Pending deletion : before) {
      publications.delete(deletion);
    }
    publications.settle();
    log.release(cut);
    deletions.forget(before);
  }

  /** Makes parts of what these stores have frozen; one that cannot does not keep the others. */
  private void write(List<SignalStore> some, long[] cut) throws IOException {
    @Nullable IOException failure = null;
    for (SignalStore store : some) {
      try {
        store.flush(
            cut,
            (tenant, day, part) -> publications.publish(tenant, store.signal(), day, part, cut));
      } catch (IOException | RuntimeException e) {
        IOException named =
            new IOException("cannot flush " + store.signal().key() + ": " + e.getMessage(), e);
        if (failure == null) {
          failure = named;
        } else {
          failure.addSuppressed(named);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Ends after the cycle at hand and those asked for before. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      asked.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
