// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.model.config.ByteSize;
import io.skopos.storage.Deletion;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.PartEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MergeChoiceTest {

  private static final UtcDay DAY = UtcDay.parse("2026-03-01");
  private static final long DURING_MS = DAY.startMs() + 1;
  private static final long HOUR_MS = 3_600_000;
  private static final long SETTLED_MS = DAY.endMs() + 2 * HOUR_MS;

  private final MergeChoice choice = choice(1L << 40);
  private long nextPosition;

  private static MergeChoice choice(long maxPartBytes) {
    return new MergeChoice(
        new StorageConfig.Compaction(
            4, new ByteSize(maxPartBytes), Duration.ofHours(1), Duration.ofMinutes(1), 1));
  }

  private PartEntry part(long length) {
    long position = nextPosition++;
    return new PartEntry("part-" + position, 0, length, 1, 0, 0, position, position, 0);
  }

  private List<PartEntry> parts(long... lengths) {
    List<PartEntry> parts = new ArrayList<>();
    for (long length : lengths) {
      parts.add(part(length));
    }
    return parts;
  }

  private static Manifest manifest(List<PartEntry> parts, DeletionEntry... deletions) {
    return new Manifest(
        TenantId.ANONYMOUS, Signal.METRICS, DAY, 1, 1, new long[] {-1}, parts, List.of(deletions));
  }

  @Test
  void aRunOfLikeSizesIsMergedWhileTheDayGoesOn() {
    List<PartEntry> parts = parts(100, 10, 10, 10, 10);
    assertThat(choice.choose(manifest(parts), Set.of(), DURING_MS, DURING_MS))
        .isEqualTo(parts.subList(1, 5));
  }

  @Test
  void aLargePartIsNotRewrittenForAFewSmallOnes() {
    assertThat(choice.choose(manifest(parts(1000, 10, 10, 10)), Set.of(), DURING_MS, DURING_MS))
        .isEmpty();
  }

  @Test
  void aSettledDayBecomesOnePart() {
    List<PartEntry> parts = parts(100, 50, 10);
    assertThat(choice.choose(manifest(parts), Set.of(), DURING_MS, SETTLED_MS)).isEqualTo(parts);
  }

  @Test
  void partsAroundADamagedOneAreMergedWithoutIt() {
    List<PartEntry> parts = parts(10, 10, 10, 10, 10);
    Set<PartEntry> damaged = Set.of(parts.get(2));
    assertThat(choice.choose(manifest(parts), damaged, DURING_MS, SETTLED_MS))
        .isEqualTo(parts.subList(0, 2));
    List<PartEntry> merged = List.of(part(20), parts.get(2), parts.get(3), parts.get(4));
    assertThat(choice.choose(manifest(merged), damaged, DURING_MS, SETTLED_MS))
        .isEqualTo(parts.subList(3, 5));
    assertThat(choice.isFinal(manifest(merged), damaged, DURING_MS, SETTLED_MS)).isFalse();
    List<PartEntry> settled = List.of(merged.getFirst(), parts.get(2), part(20));
    assertThat(choice.choose(manifest(settled), damaged, DURING_MS, SETTLED_MS + 24 * HOUR_MS))
        .isEmpty();
    assertThat(choice.isFinal(manifest(settled), damaged, DURING_MS, SETTLED_MS)).isTrue();
  }

  @Test
  void aDayThatStillGetsRowsIsNotSettled() {
    assertThat(choice.choose(manifest(parts(100, 50)), Set.of(), SETTLED_MS - 1, SETTLED_MS))
        .isEmpty();
  }

  @Test
  void aDripIntoASettledDayWaitsForADay() {
    List<PartEntry> parts = parts(1000, 1);
    assertThat(choice.choose(manifest(parts), Set.of(), SETTLED_MS, SETTLED_MS + 2 * HOUR_MS))
        .isEmpty();
    assertThat(choice.choose(manifest(parts), Set.of(), SETTLED_MS, SETTLED_MS + 24 * HOUR_MS))
        .isEqualTo(parts);
  }

  @Test
  void partsAreNotMergedBeyondTheLargestSize() {
    List<PartEntry> parts = parts(60, 60, 30, 30);
    assertThat(choice(100).choose(manifest(parts), Set.of(), DURING_MS, SETTLED_MS))
        .isEqualTo(parts.subList(1, 3));
  }

  @Test
  void aDeletionRewritesTheSettledPartItHidesRowsOf() {
    List<PartEntry> parts = parts(100);
    Deletion deletion = new Deletion(List.of(Matcher.equal("job", "a")), TimeRange.ALL);
    Manifest hidden = manifest(parts, new DeletionEntry(nextPosition, deletion));
    assertThat(choice.choose(hidden, Set.of(), DURING_MS, DURING_MS)).isEmpty();
    assertThat(choice.choose(hidden, Set.of(), DURING_MS, SETTLED_MS)).isEqualTo(parts);
    assertThat(choice.isFinal(hidden, Set.of(), DURING_MS, SETTLED_MS)).isFalse();
    assertThat(choice.isFinal(manifest(parts), Set.of(), DURING_MS, SETTLED_MS)).isTrue();
  }

  /** Simulates days of flushes of random sizes; every run is neighbours, in order. */
  @Test
  void writeAmplificationIsBounded() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      List<PartEntry> parts = new ArrayList<>();
      long flushed = 0;
      long rewritten = 0;
      for (int flush = 0; flush < 200; flush++) {
        PartEntry next = part(50 + random.nextInt(100));
        flushed += next.length();
        parts.add(next);
        List<PartEntry> run;
        while (!(run = choice.choose(manifest(parts), Set.of(), DURING_MS, DURING_MS)).isEmpty()) {
          int from = parts.indexOf(run.getFirst());
          assertThat(parts.subList(from, from + run.size())).isEqualTo(run);
          long bytes = run.stream().mapToLong(PartEntry::length).sum();
          rewritten += bytes;
          PartEntry last = run.getLast();
          PartEntry merged =
              new PartEntry(
                  last.object(), 0, bytes, 1, 0, 0, 0, last.maxPosition(), last.level() + 1);
          parts.subList(from, from + run.size()).clear();
          parts.add(from, merged);
        }
        assertThat(parts).as("seed %d", seed).hasSizeLessThanOrEqualTo(32);
      }
      assertThat((double) rewritten / flushed).as("seed %d", seed).isLessThan(6);
    }
  }
}
