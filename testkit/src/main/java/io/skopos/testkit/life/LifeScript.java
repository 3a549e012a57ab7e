// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.storage.SignalStore;
import io.skopos.storage.WriteUnavailable;
import io.skopos.testkit.life.ExpectedRows.Fate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What happens in a life: rows in order, late, of other days and written again; deletions, flushes
 * and merges. Notes in {@link ExpectedRows} what must be there.
 */
final class LifeScript<S extends SignalStore> {

  final ExpectedRows expected = new ExpectedRows();
  private final LifeWing<S> wing;
  private final Random random;
  private final AtomicLong nowMs;

  LifeScript(LifeWing<S> wing, Random random, AtomicLong nowMs) {
    this.wing = wing;
    this.random = random;
    this.nowMs = nowMs;
  }

  /** Refusals of a failing disk are part of the script; everything else fails it. */
  void run(StoreLife<S> life, int steps) throws IOException {
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(12)) {
        case 0, 1 -> flush(life);
        case 2 -> delete(life);
        case 3 -> maintain(life);
        default -> write(life);
      }
    }
  }

  /** Several requests at once, as the log groups them. */
  void write(StoreLife<S> life) {
    List<LifeWing.Filled> requests = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      requests.add(wing.fill(random, nowMs));
    }
    List<CompletableFuture<?>> answers = new ArrayList<>();
    for (LifeWing.Filled request : requests) {
      answers.add(life.write(request.batch()));
    }
    for (int i = 0; i < requests.size(); i++) {
      Fate fate = fate(answers.get(i));
      for (LifeWing.Row row : requests.get(i).rows()) {
        expected.wrote(row.series(), row.timeMs(), row.text(), fate);
      }
    }
  }

  void delete(StoreLife<S> life) {
    String group = "g" + random.nextInt(LifeWing.GROUPS);
    TimeRange range =
        random.nextInt(3) == 0
            ? TimeRange.ALL
            : new TimeRange(nowMs.get() - 100_000, nowMs.get() - random.nextInt(50_000));
    Fate fate = fate(life.delete(List.of(Matcher.equal(LifeWing.GROUP, group)), range));
    expected.deleted("\"" + group + "\"", range, fate);
  }

  /** A flush may fail when the disk does. */
  static void flush(StoreLife<?> life) {
    life.ground().flush().exceptionally(failed -> null).orTimeout(30, TimeUnit.SECONDS).join();
  }

  static void maintain(StoreLife<?> life) {
    try {
      life.ground().maintain();
    } catch (IOException e) {
      assertThat(e).as("there is no retention here, only removals fail").isNotNull();
    }
  }

  private static Fate fate(CompletableFuture<?> answer) {
    try {
      answer.orTimeout(30, TimeUnit.SECONDS).join();
      return Fate.DONE;
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(WriteUnavailable.class);
      assertThat(e).as("the reason").hasMessageMatching("(?s).*: .+");
      boolean unknown =
          e.getCause() instanceof WriteUnavailable unavailable && unavailable.fateUnknown();
      return unknown ? Fate.UNKNOWN : Fate.REFUSED;
    }
  }
}
