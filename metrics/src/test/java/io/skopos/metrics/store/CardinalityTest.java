// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.CardinalityReport.Group;
import io.skopos.metrics.store.CardinalityRequest.By;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.testkit.storage.NoOpenLeases;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Counts by group over heads and parts on disk. */
@ExtendWith(NoOpenLeases.class)
class CardinalityTest {

  private static final TenantId TENANT = new TenantId("t");
  private static final UtcDay DAY = new UtcDay(20_000);

  @Test
  void countsByMetricLabelValueAndTarget(@TempDir Path directory) throws Exception {
    try (StoreOnDisk disk = new StoreOnDisk(directory)) {
      disk.append(TENANT, batch(DAY.startMs() - UtcDay.MILLIS, 20));
      disk.append(TENANT, batch(DAY.startMs(), 50));
      CardinalityReport inMemory = ask(disk, By.METRIC, "");
      check(inMemory);
      assertThat(inMemory.total().memoryBytes()).isPositive();
      assertThat(inMemory.total().diskBytes()).isZero();

      disk.flush();
      CardinalityReport onDisk = ask(disk, By.METRIC, "");
      check(onDisk);
      assertThat(onDisk.total().memoryBytes()).isZero();
      long partBytes =
          disk
              .manifests()
              .overlapping(TENANT, io.skopos.model.Signal.METRICS, 0, Long.MAX_VALUE)
              .stream()
              .flatMap(manifest -> manifest.parts().stream())
              .mapToLong(part -> part.length())
              .sum();
      assertThat(onDisk.total().diskBytes()).isCloseTo(partBytes, within(2L));
      assertThat(onDisk.groups().stream().mapToLong(Group::diskBytes).sum())
          .isCloseTo(partBytes, within(5L));
      // 60 samples 15 s apart per series.
      assertThat(onDisk.total().samplesPerSecond()).isCloseTo(151 / 14.75, within(0.1));

      // The same series again, in memory: they are not counted twice.
      disk.append(TENANT, batch(DAY.startMs() + 3_600_000, 50));
      check(ask(disk, By.METRIC, ""));

      CardinalityReport labels = ask(disk, By.LABEL, "");
      assertThat(labels.groups())
          .extracting(Group::name)
          .containsExactlyInAnyOrder("__name__", "job", "instance", "code");
      Group code =
          labels.groups().stream().filter(one -> one.name().equals("code")).findFirst().get();
      assertThat(code.series()).isEqualTo(100);

      CardinalityReport values = ask(disk, By.VALUE, "code");
      assertThat(values.groups()).extracting(Group::series).containsExactly(50L, 50L);
      assertThat(values.total().series()).isEqualTo(151);

      CardinalityReport targets = ask(disk, By.TARGET, "");
      assertThat(targets.groupCount()).isEqualTo(51);
      assertThat(targets.groups())
          .filteredOn(one -> one.instance().equals("i7"))
          .singleElement()
          .satisfies(one -> {
            assertThat(one.name()).isEqualTo("api");
            assertThat(one.series()).isEqualTo(3);
          });
      assertThat(targets.groups()).filteredOn(one -> one.name().isEmpty()).hasSize(1);

      CardinalityReport matched =
          disk.store()
              .cardinality(
                  TENANT,
                  new CardinalityRequest(
                      By.METRIC, "", List.of(List.of(Matcher.equal("instance", "i3"))), range(), 1),
                  QueryBudget.unlimited());
      assertThat(matched.total().series()).isEqualTo(3);
      assertThat(matched.groupCount()).isEqualTo(2);
      assertThat(matched.groups()).hasSize(1);
      assertThat(
              disk.store()
                  .cardinality(
                      new TenantId("other"),
                      new CardinalityRequest(By.METRIC, "", List.of(), range(), 0),
                      QueryBudget.unlimited()))
          .isEqualTo(CardinalityReport.EMPTY);
    }
  }

  @Test
  void countsByTenantOnOneDay(@TempDir Path directory) throws Exception {
    TenantId small = new TenantId("small");
    TenantId gone = new TenantId("gone");
    TenantId older = new TenantId("older");
    try (StoreOnDisk disk = new StoreOnDisk(directory)) {
      disk.append(TENANT, batch(DAY.startMs() - UtcDay.MILLIS, 20));
      disk.append(gone, batch(DAY.startMs() - UtcDay.MILLIS, 90));
      disk.append(older, batch(DAY.startMs() - 9 * UtcDay.MILLIS, 5));
      disk.append(TENANT, batch(DAY.startMs(), 50));
      disk.flush();
      disk.append(small, batch(DAY.startMs(), 1));

      CardinalityReport all = byTenant(disk, null, List.of(), 0);
      assertThat(all.day()).isEqualTo(DAY.toString());
      assertThat(all.groups())
          .extracting(Group::name, Group::series, Group::seriesDayBefore)
          .containsExactly(tuple("t", 151L, 61L), tuple("small", 4L, 0L), tuple("gone", 0L, 271L));
      assertThat(all.total().series()).isEqualTo(155);
      assertThat(all.total().seriesDayBefore()).isEqualTo(332);
      Group first = all.groups().getFirst();
      Group alone = ask(disk, By.METRIC, "").total();
      assertThat(first.diskBytes()).isEqualTo(alone.diskBytes()).isPositive();
      assertThat(first.samplesPerSecond()).isEqualTo(alone.samplesPerSecond());
      assertThat(all.groups().get(1).memoryBytes()).isEqualTo(all.total().memoryBytes());
      assertThat(all.total().memoryBytes()).isPositive();

      CardinalityReport limited = byTenant(disk, null, List.of(), 1);
      assertThat(limited.groups()).containsExactly(first);
      assertThat(limited.groupCount()).isEqualTo(3);
      assertThat(limited.total()).isEqualTo(all.total());

      CardinalityReport matched =
          byTenant(disk, null, List.of(List.of(Matcher.equal("instance", "i3"))), 0);
      assertThat(matched.groups())
          .extracting(Group::name, Group::series)
          .containsExactly(tuple("t", 3L), tuple("gone", 0L));

      CardinalityReport some = byTenant(disk, Set.of(gone, small), List.of(), 0);
      assertThat(some.groups()).extracting(Group::name).containsExactly("small", "gone");
      assertThat(some.total().series()).isEqualTo(4);
      assertThat(byTenant(disk, Set.of(older), List.of(), 0)).isEqualTo(CardinalityReport.EMPTY);
    }
  }

  private static CardinalityReport byTenant(
      StoreOnDisk disk, @Nullable Set<TenantId> among, List<List<Matcher>> selectors, int limit) {
    return disk.store()
        .cardinalityByTenant(
            among,
            new CardinalityRequest(By.TENANT, "", selectors, range(), limit),
            QueryBudget.unlimited());
  }

  private static void check(CardinalityReport report) {
    assertThat(report.day()).isEqualTo(DAY.toString());
    assertThat(report.total().series()).isEqualTo(151);
    assertThat(report.total().seriesDayBefore()).isEqualTo(61);
    assertThat(report.groups())
        .extracting(Group::name)
        .containsExactly("requests_total", "up", "alone");
    assertThat(report.groups()).extracting(Group::series).containsExactly(100L, 50L, 1L);
    assertThat(report.groups()).extracting(Group::seriesDayBefore).containsExactly(40L, 20L, 1L);
  }

  private static TimeRange range() {
    return new TimeRange(DAY.startMs() - UtcDay.MILLIS, DAY.endMs());
  }

  private static CardinalityReport ask(StoreOnDisk disk, By by, String label) {
    return disk.store()
        .cardinality(
            TENANT,
            new CardinalityRequest(by, label, List.of(), range(), 0),
            QueryBudget.unlimited());
  }

  private static SampleBatch batch(long startMs, int instances) {
    SampleBatch batch = new SampleBatch();
    for (int i = 0; i < instances; i++) {
      String instance = "i" + i;
      series(batch, startMs, Labels.of("__name__", "up", "job", "api", "instance", instance));
      for (String code : List.of("200", "500")) {
        series(
            batch,
            startMs,
            Labels.of(
                "__name__", "requests_total", "job", "api", "instance", instance, "code", code));
      }
    }
    series(batch, startMs, Labels.of("__name__", "alone"));
    return batch;
  }

  private static void series(SampleBatch batch, long startMs, Labels labels) {
    batch.series(labels);
    for (int i = 0; i < 60; i++) {
      batch.sample(startMs + i * 15_000, i * 1.5);
    }
  }
}
