// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.engine.QueryBudget;
import io.skopos.logs.store.LogRun;
import io.skopos.logs.store.LogSelection;
import io.skopos.logs.store.LogSource;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PatternsTest {

  private static final long STEP = 10_000_000_000L;

  @Test
  void countsPatternsByStepAndLevel() {
    Source source = new Source(100, 100, i -> "took " + i + "ms for all of it");
    Patterns.Answer answer = ask(source, Patterns.Limits.DEFAULT);
    assertThat(answer.sampled()).isFalse();
    assertThat(answer.warnings()).isEmpty();
    assertThat(answer.linesRead()).isEqualTo(100);
    assertThat(answer.patterns()).hasSize(2);
    Patterns.Pattern first = answer.patterns().getFirst();
    assertThat(first.text()).isEqualTo("took <_> for all of it");
    assertThat(first.level()).isEqualTo("error");
    assertThat(first.lines()).isEqualTo(50);
    assertThat(first.counts())
        .containsOnlyKeys(
            0L, STEP, 2 * STEP, 3 * STEP, 4 * STEP, 5 * STEP, 6 * STEP, 7 * STEP, 8 * STEP,
            9 * STEP);
    assertThat(first.counts().get(3 * STEP)).isEqualTo(5);
    assertThat(answer.patterns().get(1).level()).isEqualTo("info");
  }

  @Test
  void samplesEvenlyAndSaysSo() {
    Source source =
        new Source(100_000, 100_000, i -> i % 4 == 0 ? "rare one here" : "common one here " + i);
    Patterns.Answer answer = ask(source, new Patterns.Limits(1_000, 300));
    assertThat(answer.sampled()).isTrue();
    assertThat(answer.warnings()).hasSize(1);
    assertThat(answer.linesRead()).isBetween(900L, 1_100L);
    long lines = answer.patterns().stream().mapToLong(Patterns.Pattern::lines).sum();
    assertThat(lines).isBetween(99_000L, 101_000L);
  }

  @Test
  void looksAtFewerWhenThereAreMoreThanWasSaid() {
    Source source = new Source(100_000, 10, i -> "the same line");
    Patterns.Answer answer = ask(source, new Patterns.Limits(1_000, 300));
    assertThat(answer.sampled()).isTrue();
    assertThat(answer.linesRead()).isLessThan(10_000);
    assertThat(answer.patterns().stream().mapToLong(Patterns.Pattern::lines).sum())
        .isBetween(98_000L, 102_000L);
  }

  @Test
  void givesThoseWithTheMostLines() {
    Source source =
        new Source(1000, 1000, i -> i % 2 == 0 ? "often" : "x".repeat(1 + i % 50) + " seldom");
    Patterns.Answer answer = ask(source, new Patterns.Limits(1_000, 3));
    assertThat(answer.patterns()).hasSize(3);
    assertThat(answer.patterns().getFirst().text()).isEqualTo("often");
  }

  private static Patterns.Answer ask(Source source, Patterns.Limits limits) {
    Patterns.Question question =
        new Patterns.Question(
            TenantId.ANONYMOUS, List.of(Matcher.equal("app", "a")), 0, 10 * STEP - 1, STEP);
    return new Patterns(source, PatternMiner.Settings.DEFAULT, limits)
        .ask(question, QueryBudget.unlimited());
  }

  /** Entries of one stream, evenly over ten steps; every second one is an error. */
  private record Source(int entries, long told, IntFunction<String> lines) implements LogSource {

    @Override
    public List<String> scan(LogSelection selection, QueryBudget budget, RunVisitor visitor) {
      int run = 512;
      for (int from = 0; from < entries; from += run) {
        visitor.visit(new Run(this, from, Math.min(run, entries - from)));
      }
      return List.of();
    }

    @Override
    public Collection<Labels> streams(
        TenantId tenant, List<Matcher> matchers, long fromNs, long toNs, QueryBudget budget) {
      return List.of();
    }

    @Override
    public List<String> volumes(
        TenantId tenant,
        List<Matcher> matchers,
        long fromNs,
        long toNs,
        QueryBudget budget,
        VolumeVisitor visitor) {
      visitor.visit(Labels.of("app", "a"), fromNs, toNs, told, told * 10, 1);
      return List.of();
    }
  }

  private record Run(Source source, int from, int size) implements LogRun {

    @Override
    public Labels stream() {
      return Labels.of("app", "a", "level", "info");
    }

    @Override
    public int streamNumber() {
      return 0;
    }

    @Override
    public long minTimeNs() {
      return 0;
    }

    @Override
    public long maxTimeNs() {
      return 10 * STEP;
    }

    @Override
    public long lineBytes() {
      return 0;
    }

    @Override
    public long[] timesNs() {
      long[] times = new long[size];
      for (int i = 0; i < size; i++) {
        times[i] = (from + i) * (10 * STEP / source.entries());
      }
      return times;
    }

    @Override
    public void line(int entry, LineView into) {
      into.bytes = source.lines().apply(from + entry).getBytes(StandardCharsets.UTF_8);
      into.from = 0;
      into.length = into.bytes.length;
    }

    @Override
    public Labels metadata(int entry) {
      return (from + entry) % 2 == 0 ? Labels.of("detected_level", "error") : Labels.EMPTY;
    }

    @Override
    public boolean hasMetadata() {
      return true;
    }

    @Override
    public @Nullable FieldColumns fields() {
      return null;
    }
  }
}
