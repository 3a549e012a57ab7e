// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Platform threads for work that computes, so that it never fills the carriers of the virtual
 * threads that wait. Thread-safe.
 *
 * <p>Bound: as much short work runs at once as there are threads, as much waits as the queue is
 * long, the next is refused with 503. Who waits longer than its own timeout is refused, too.
 *
 * <p>Fairness: work that has run for {@value #LONG_AFTER_MS} ms is <em>long</em>. It gives its
 * place to short work and goes on beside it, half as many at once as there are places; while short
 * work is there it rests after each slice, so that a few monsters slow a hundred dashboards down by
 * a fifth at most, and are never held up for good. This takes calls of {@link #pace}. With a single
 * thread there is no long work: all runs one after the other.
 */
public final class CpuWorkers implements AutoCloseable {

  private static final int LONG_AFTER_MS = 100;
  private static final long LONG_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(LONG_AFTER_MS);

  /** How long long work runs at a stretch while short work is there, and rests thereafter. */
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

  private static final long REST_NANOS = 4 * SLICE_NANOS;
  private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** So much long work may be there, running or suspended, for each that may run. */
  private static final int LONG_KEPT = 8;

  private final int placeCount;
  private final int longPlaces;
  private final int queueLimit;
  private final ThreadPoolExecutor threads;
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private final Counter refused;
  private final Counter rests;
  private final Histogram waits;

  // Guarded by queue; written there, read anywhere.
  private volatile int shortRunning;
  private volatile int queued;
  private volatile int longRunning;
  private volatile int longSuspended;

  /**
   * @param purpose one lower-case word; threads and metrics carry it
   */
  public CpuWorkers(String purpose, int threadCount, int queueLimit, PrometheusRegistry registry) {
    this.queueLimit = Math.max(1, queueLimit);
    placeCount = threadCount;
    longPlaces = threadCount / 2;
    threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE, // bounded by the places
            1,
            TimeUnit.MINUTES,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name(purpose + "-", 0).factory());
    String name = "skopos_web_" + purpose + "_workers";
    GaugeWithCallback.builder()
        .name(name + "_running")
        .help("Work running on the " + purpose + " threads.")
        .callback(gauge -> gauge.call(shortRunning + longRunning))
        .register(registry);
    GaugeWithCallback.builder()
        .name(name + "_long")
        .help("Work that has run for " + LONG_AFTER_MS + " ms and gives way to shorter one.")
        .callback(gauge -> gauge.call(longRunning + longSuspended))
        .register(registry);
    GaugeWithCallback.builder()
        .name(name + "_queued")
        .help("Work waiting for a " + purpose + " thread; at most " + queueLimit + ".")
        .callback(gauge -> gauge.call(queued))
        .register(registry);
    refused =
        Counter.builder()
            .name(name + "_refused_total")
            .help("Work refused because the queue was full or it waited too long.")
            .register(registry);
    rests =
        Counter.builder()
            .name(name + "_rests_total")
            .help("How often long work rested because shorter work was there.")
            .register(registry);
    waits =
        Histogram.builder()
            .name(name + "_wait_seconds")
            .help("How long work waited for a " + purpose + " thread.")
            .classicOnly()
            .classicUpperBounds(0.001, 0.01, 0.1, 1, 10, 60)
            .register(registry);
  }

  /** What one of the threads is doing. Used by that thread only. */
  private static final class Stint {

    final CpuWorkers owner;
    long resumedAt = System.nanoTime();
    boolean isLong;

    Stint(CpuWorkers owner) {
      this.owner = owner;
    }
  }

  private static final ThreadLocal<@Nullable Stint> STINT = new ThreadLocal<>();

  /** Whether the caller is work on one of the threads. */
  private boolean isWorking() {
    Stint stint = STINT.get();
    return stint != null && stint.owner == this;
  }

  /**
   * Starts the work on one of the threads if one is free; for work that need not wait for anything
   * before it computes.
   */
  boolean tryStart(Runnable work) {
    synchronized (queue) {
      if (shortRunning >= placeCount || queued > 0) {
        return false;
      }
      shortRunning++;
    }
    waits.observe(0);
    start(work);
    return true;
  }

  /**
   * Runs the work on one of the threads and waits for its result, however long it runs; it stops
   * itself by its own budget. Work that is on one of them already goes on there.
   *
   * @param queueTimeout how long it may wait for a thread
   */
  public <T> T run(Callable<T> work, Duration queueTimeout) throws Exception {
    if (isWorking()) {
      return work.call();
    }
    long queuedAt = System.nanoTime();
    CountDownLatch started = new CountDownLatch(1);
    FutureTask<T> task =
        new FutureTask<>(() -> {
          started.countDown();
          waits.observe((System.nanoTime() - queuedAt) / 1e9);
          return work.call();
        });
    startOrQueue(task);
    if (!started.await(queueTimeout.toNanos(), TimeUnit.NANOSECONDS) && remove(task)) {
      refused.inc();
      throw new HttpError(503, "timeout", "query timed out in query queue");
    }
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    } catch (InterruptedException e) {
      // Never by interruption: that would close the file channels the work is reading.
      task.cancel(false);
      throw e;
    }
  }

  private void startOrQueue(Runnable task) {
    synchronized (queue) {
      if (shortRunning >= placeCount) {
        if (queued >= queueLimit) {
          refused.inc();
          throw HttpError.unavailable(
              placeCount
                  + " queries are running and "
                  + queueLimit
                  + " are waiting, which is the limit; try again later",
              Duration.ofSeconds(1));
        }
        queue.add(task);
        queued = queue.size();
        return;
      }
      shortRunning++;
    }
    start(task);
  }

  private boolean remove(Runnable task) {
    synchronized (queue) {
      boolean removed = queue.remove(task);
      queued = queue.size();
      return removed;
    }
  }

  private void start(Runnable first) {
    threads.execute(() -> {
      Runnable next = first;
      while (next != null) {
        Stint stint = new Stint(this);
        STINT.set(stint);
        try {
          next.run();
        } finally {
          STINT.remove();
          next = ended(stint);
        }
      }
    });
  }

  /** Leaves the place, or goes on with what waits for one. */
  private @Nullable Runnable ended(Stint stint) {
    synchronized (queue) {
      if (stint.isLong) {
        longRunning--;
        queue.notifyAll();
        return null;
      }
      Runnable next = queue.poll();
      queued = queue.size();
      if (next == null) {
        shortRunning--;
      }
      return next;
    }
  }

  /**
   * Called by running work every now and then; may rest to let shorter work go first. Does nothing
   * on other threads.
   *
   * @param stopped whether the work is to end, so that it need not rest
   */
  public static void pace(BooleanSupplier stopped) {
    Stint stint = STINT.get();
    if (stint == null) {
      return;
    }
    long ran = System.nanoTime() - stint.resumedAt;
    if (!stint.isLong) {
      if (ran > LONG_AFTER_NANOS) {
        stint.owner.becomeLong(stint, stopped);
        stint.resumedAt = System.nanoTime();
      }
    } else if (ran > SLICE_NANOS) {
      if (stint.owner.hasShortWork()) {
        stint.owner.rest(stopped);
      }
      stint.resumedAt = System.nanoTime();
    }
  }

  private boolean hasShortWork() {
    return shortRunning > 0 || queued > 0;
  }

  private void becomeLong(Stint stint, BooleanSupplier stopped) {
    Runnable next;
    synchronized (queue) {
      if (longRunning + longSuspended >= longPlaces * LONG_KEPT) {
        return;
      }
      stint.isLong = true;
      longSuspended++;
      next = queue.poll();
      queued = queue.size();
      if (next == null) {
        shortRunning--;
      }
    }
    if (next != null) {
      start(next);
    }
    awaitPlace(stopped);
  }

  private void awaitPlace(BooleanSupplier stopped) {
    boolean interrupted = false;
    synchronized (queue) {
      while (longRunning >= longPlaces && !stopped.getAsBoolean()) {
        try {
          queue.wait(10);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      longSuspended--;
      longRunning++;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void rest(BooleanSupplier stopped) {
    rests.inc();
    long until = System.nanoTime() + REST_NANOS;
    while (hasShortWork() && System.nanoTime() - until < 0 && !stopped.getAsBoolean()) {
      LockSupport.parkNanos(NAP_NANOS);
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
