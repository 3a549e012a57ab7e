// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.blocks;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Work of one query that mostly waits for a bucket, on some threads, each in its context. */
public final class SideBySide {

  private SideBySide() {}

  /** Runs all of it and waits for the last; what failed says so when its result is taken. */
  public static <T> List<Future<T>> run(List<? extends Callable<T>> work, int threads) {
    ReadContext reads = ReadContext.current();
    List<Future<T>> running = new ArrayList<>(work.size());
    try (ExecutorService workers =
        Executors.newFixedThreadPool(
            Math.clamp(work.size(), 1, threads),
            Thread.ofPlatform().name("skopos-select-", 0).daemon(true).factory())) {
      for (Callable<T> one : work) {
        running.add(workers.submit(reads == null ? one : () -> reads.call(one)));
      }
      // The end of the block waits for all, also when the budget is spent: each checks it.
    }
    return running;
  }

  /** The result of one, or what it failed with. */
  public static <T> T resultOf(Future<T> future) throws IOException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IOException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted while reading");
      interrupted.initCause(e);
      throw interrupted;
    }
  }
}
