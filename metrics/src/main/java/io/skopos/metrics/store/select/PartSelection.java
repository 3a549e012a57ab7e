// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.select.Snapshot.OpenPart;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.storage.blocks.SideBySide;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
    List<Callable<PartSource>> work = new ArrayList<>(parts.size());
    for (OpenPart part : parts) {
      work.add(() -> {
        budget.checkRunning();
        return new PartSource(part, matchers, range);
      });
    }
    List<Future<PartSource>> waiting = SideBySide.run(work, THREADS);
    RuntimeException aborted = null;
    for (int i = 0; i < parts.size(); i++) {
      Future<PartSource> one = waiting.get(i);
      try {
        take(parts.get(i), () -> SideBySide.resultOf(one), found, failed);
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
}
