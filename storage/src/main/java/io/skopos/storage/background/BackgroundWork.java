// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.background;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks on a few threads of low priority. The queue is bounded; what does not fit is left out
 * and found again at the next look. Thread-safe.
 */
public final class BackgroundWork implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundWork.class);
  private static final int QUEUE = 256;

  /** A merge may take minutes and loses nothing when it is broken off. */
  private static final long PATIENCE_SECONDS = 5;

  private final ThreadPoolExecutor pool;
  private final ScheduledThreadPoolExecutor timer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean paused;
  private boolean closed;

  /** By kind of work; empty once it went well again. */
  private final Map<String, String> errors = new ConcurrentSkipListMap<>();

  private final Counter done;
  private final Counter failed;
  private final Counter skipped;

  /** A piece of work. */
  @FunctionalInterface
  public interface Task {
    void run() throws IOException;
  }

  public BackgroundWork(int threads, PrometheusRegistry registry) {
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            Thread.ofPlatform()
                .name("skopos-background-", 0)
                .daemon(true)
                .priority(Thread.MIN_PRIORITY)
                .factory());
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("skopos-background-timer").daemon(true).factory());
    done = counter(registry, "tasks", "Background tasks that ended well, by kind.");
    failed = counter(registry, "failures", "Background tasks that failed, by kind.");
    skipped = counter(registry, "skipped", "Background tasks left out because the queue was full.");
    GaugeWithCallback.builder()
        .name("skopos_storage_background_queue")
        .help("Background tasks waiting; bounded.")
        .callback(callback -> callback.call(pool.getQueue().size()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_storage_background_running")
        .help("Background tasks running.")
        .callback(callback -> callback.call(pool.getActiveCount()))
        .register(registry);
  }

  private static Counter counter(PrometheusRegistry registry, String name, String help) {
    return Counter.builder()
        .name("skopos_storage_background_" + name + "_total")
        .help(help)
        .labelNames("kind")
        .register(registry);
  }

  /** Has the task run later; false when the queue is full or closed. */
  public boolean submit(String kind, Task task) {
    try {
      pool.execute(() -> run(kind, task));
      return true;
    } catch (RejectedExecutionException e) {
      skipped.labelValues(kind).inc();
      return false;
    }
  }

  /** Submits the task every interval, never twice at once. */
  public void every(long intervalMs, String kind, Task task) {
    AtomicBoolean waiting = new AtomicBoolean();
    timer.scheduleWithFixedDelay(
        () -> {
          if (waiting.compareAndSet(false, true)
              && !submit(
                  kind,
                  () -> {
                    waiting.set(false);
                    task.run();
                  })) {
            waiting.set(false);
          }
        },
        intervalMs,
        intervalMs,
        TimeUnit.MILLISECONDS);
  }

  private void run(String kind, Task task) {
    awaitResume();
    if (isClosed()) {
      return;
    }
    try {
      task.run();
      done.labelValues(kind).inc();
      errors.remove(kind);
    } catch (IOException | RuntimeException | Error e) {
      failed.labelValues(kind).inc();
      errors.put(kind, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
      LOG.error("background work failed: {}", kind, e);
    }
  }

  /** Tasks at hand end, others wait for {@link #resume}. */
  public void pause() {
    setPaused(true);
  }

  public void resume() {
    setPaused(false);
  }

  private void setPaused(boolean value) {
    lock.lock();
    try {
      paused = value;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitResume() {
    lock.lock();
    try {
      while (paused && !closed) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** The latest error of each kind whose latest task failed. */
  public List<String> errors() {
    List<String> lines = new ArrayList<>();
    errors.forEach((kind, error) -> lines.add(kind + ": " + error));
    return lines;
  }

  /** Waits a few seconds for the tasks at hand, then breaks them off; the others are dropped. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    timer.shutdownNow();
    pool.shutdown();
    boolean interrupted = false;
    while (!pool.isTerminated()) {
      try {
        if (!pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          pool.shutdownNow();
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
