// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Platform threads for work that computes, so that it never fills the carriers of the virtual
 * threads that wait. Thread-safe.
 *
 * <p>Bound: as many run at once as there are threads, as many wait as the queue is long, the next
 * one is refused with 503. Who waits longer than its own timeout is refused, too.
 */
public final class CpuWorkers implements AutoCloseable {

  private final int queueLimit;
  private final ThreadPoolExecutor threads;
  private final Counter refused;
  private final Histogram waits;

  /**
   * @param purpose one lower-case word; threads and metrics carry it
   */
  public CpuWorkers(String purpose, int threadCount, int queueLimit, PrometheusRegistry registry) {
    this.queueLimit = queueLimit;
    threads =
        new ThreadPoolExecutor(
            threadCount,
            threadCount,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(Math.max(1, queueLimit)),
            Thread.ofPlatform().daemon().name(purpose + "-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
    String name = "skopos_web_" + purpose + "_workers";
    GaugeWithCallback.builder()
        .name(name + "_running")
        .help("Work running on the " + purpose + " threads.")
        .callback(gauge -> gauge.call(threads.getActiveCount()))
        .register(registry);
    GaugeWithCallback.builder()
        .name(name + "_queued")
        .help("Work waiting for a " + purpose + " thread; at most " + queueLimit + ".")
        .callback(gauge -> gauge.call(threads.getQueue().size()))
        .register(registry);
    refused =
        Counter.builder()
            .name(name + "_refused_total")
            .help("Work refused because the queue was full or it waited too long.")
            .register(registry);
    waits =
        Histogram.builder()
            .name(name + "_wait_seconds")
            .help("How long work waited for a " + purpose + " thread.")
            .classicOnly()
            .classicUpperBounds(0.001, 0.01, 0.1, 1, 10, 60)
            .register(registry);
  }

  /**
   * Runs the work on one of the threads and waits for its result, however long it runs; it stops
   * itself by its own budget.
   *
   * @param queueTimeout how long it may wait for a thread
   */
  public <T> T run(Callable<T> work, Duration queueTimeout) throws Exception {
    long queuedAt = System.nanoTime();
    CountDownLatch started = new CountDownLatch(1);
    FutureTask<T> task =
        new FutureTask<>(() -> {
          started.countDown();
          waits.observe((System.nanoTime() - queuedAt) / 1e9);
          return work.call();
        });
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      refused.inc();
      throw HttpError.unavailable(
          threads.getMaximumPoolSize()
              + " queries are running and "
              + queueLimit
              + " are waiting, which is the limit; try again later",
          Duration.ofSeconds(1));
    }
    if (!started.await(queueTimeout.toNanos(), TimeUnit.NANOSECONDS) && threads.remove(task)) {
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

  @Override
  public void close() {
    threads.shutdown();
  }
}
