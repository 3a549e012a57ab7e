// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.skopos.storage.blocks.SideBySide;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Requests of one kind to the bucket, some at a time. */
final class ParallelSteps {

  private static final int THREADS = 8;

  private ParallelSteps() {}

  /** What is done with each. */
  @FunctionalInterface
  interface Step<I, O> {
    O run(I input) throws IOException;
  }

  /** A few at a time, in order; the first failure is thrown when all have ended. */
  static <I, O> List<O> run(Collection<I> inputs, Step<I, O> step) throws IOException {
    List<O> results = new ArrayList<>(inputs.size());
    if (inputs.size() <= 1) {
      for (I input : inputs) {
        results.add(step.run(input));
      }
      return results;
    }
    try (ExecutorService executor =
        Executors.newFixedThreadPool(
            Math.min(THREADS, inputs.size()),
            Thread.ofPlatform().name("skopos-tiering-", 0).daemon(true).factory())) {
      List<Callable<O>> tasks = new ArrayList<>(inputs.size());
      for (I input : inputs) {
        tasks.add(() -> step.run(input));
      }
      for (Future<O> result : executor.invokeAll(tasks)) {
        results.add(SideBySide.resultOf(result));
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the bucket was brought up to date", e);
    }
  }
}
