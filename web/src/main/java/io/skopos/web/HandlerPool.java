// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Threads for handlers, as many at once as the limit says. */
final class HandlerPool implements AutoCloseable {

  private final Semaphore free;
  private final ExecutorService threads;

  HandlerPool(WebConfig.HandlerThreads kind, int limit) {
    free = new Semaphore(limit);
    threads =
        kind.virtual()
            ? Executors.newThreadPerTaskExecutor(kind.factory("web-"))
            : Executors.newCachedThreadPool(kind.factory("web-"));
  }

  /** False when as many handlers run as may. */
  boolean tryExecute(Runnable task) {
    if (!free.tryAcquire()) {
      return false;
    }
    threads.execute(() -> {
      try {
        task.run();
      } finally {
        free.release();
      }
    });
    return true;
  }

  /** The same on one of the workers; false also when none of them is free. */
  boolean tryExecute(CpuWorkers workers, Runnable task) {
    if (!free.tryAcquire()) {
      return false;
    }
    boolean started =
        workers.tryStart(() -> {
          try {
            task.run();
          } finally {
            free.release();
          }
        });
    if (!started) {
      free.release();
    }
    return started;
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(1, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
