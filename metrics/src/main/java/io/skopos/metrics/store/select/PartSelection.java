// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.select.Snapshot.OpenPart;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.storage.blocks.ReadContext;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Selects series in each part of a snapshot: local parts one after the other, since that is work of
 * the processor; remote ones side by side, since that is waiting for the bucket.
 */
final class PartSelection {

  private static final int THREADS = 8;

  private final List<Matcher> matchers;
  private final TimeRange range;
  private final QueryBudget budget;

  PartSelection(List<Matcher> matchers, TimeRange range, QueryBudget budget) {
    this.matchers = matchers;
    this.range = range;
    this.budget = budget;
  }

  /**
   * @param found gets the sources in the order of the parts, on this thread
   * @param failed gets the parts that could not be read
   */
  void select(
      List<OpenPart> parts, Consumer<PartSource> found, BiConsumer<OpenPart, IOException> failed) {
    List<OpenPart> remote = parts.stream().filter(part -> part.part().isRemote()).toList();
    if (remote.size() < 2) {
      for (OpenPart part : parts) {
        budget.checkRunning();
        take(part, () -> new PartSource(part, matchers, range), found, failed);
      }
      return;
    }
    remote.forEach(part -> part.part().readAheadIndex());
    ReadContext reads = ReadContext.current();
    List<Future<PartSource>> waiting = new ArrayList<>(parts.size());
    try (ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(THREADS, remote.size()),
            Thread.ofPlatform().name("skopos-select-", 0).daemon(true).factory())) {
      for (OpenPart part : parts) {
        Callable<PartSource> selection =
            () -> {
              budget.checkRunning();
              return new PartSource(part, matchers, range);
            };
        waiting.add(threads.submit(reads == null ? selection : () -> reads.call(selection)));
      }
      // The end of the block waits for all, also when the budget is spent: each checks it.
    }
    RuntimeException aborted = null;
    for (int i = 0; i < parts.size(); i++) {
      Future<PartSource> one = waiting.get(i);
      try {
        take(parts.get(i), () -> resultOf(one), found, failed);
      } catch (RuntimeException e) {
        aborted = e;
      }
    }
    if (aborted != null) {
      throw aborted;
    }
  }

  /** Makes a source. */
  @FunctionalInterface
  private interface Opening {
    PartSource open() throws IOException;
  }

  private static void take(
      OpenPart part,
      Opening opening,
      Consumer<PartSource> found,
      BiConsumer<OpenPart, IOException> failed) {
    try {
      found.accept(opening.open());
    } catch (IOException e) {
      failed.accept(part, e);
    }
  }

  private static PartSource resultOf(Future<PartSource> future) throws IOException {
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
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while series were selected");
      interrupted.initCause(e);
      throw interrupted;
    }
  }
}
