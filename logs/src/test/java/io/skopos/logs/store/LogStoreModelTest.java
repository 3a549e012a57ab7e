// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.engine.QueryBudget;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The store against a set of entries, through random writes, flushes, merges, deletions, restarts.
 */
class LogStoreModelTest {

  private static final long MIDNIGHT = 20_000 * UtcDay.MILLIS * 1_000_000L;
  private static final TenantId[] TENANTS = {TenantId.ANONYMOUS, new TenantId("other")};

  private final Map<TenantId, Set<Entry>> expected = new HashMap<>();

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void sees_what_was_written(long seed) throws IOException {
    Random random = new Random(seed);
    for (TenantId tenant : TENANTS) {
      expected.put(tenant, new HashSet<>());
    }
    try (StoreOnDisk disk = new StoreOnDisk(directory)) {
      List<Entry> written = new ArrayList<>();
      for (int step = 0; step < 40; step++) {
        switch (random.nextInt(12)) {
          case 0, 1 -> disk.flush();
          case 2, 3 -> disk.merge(random);
          case 4 -> delete(disk, random);
          case 5 -> {
            if (random.nextInt(4) == 0) {
              disk.restart();
            }
          }
          default -> append(disk, random, written);
        }
        check(disk, random);
      }
    }
  }

  private void append(StoreOnDisk disk, Random random, List<Entry> written) {
    TenantId tenant = TENANTS[random.nextInt(TENANTS.length)];
    LogBatch batch = new LogBatch();
    int rows = 1 + random.nextInt(random.nextInt(10) == 0 ? 3000 : 60);
    long start = MIDNIGHT + random.nextLong(40_000_000_000L) - 20_000_000_000L;
    for (int i = 0; i < rows; i++) {
      Entry entry;
      if (!written.isEmpty() && random.nextInt(8) == 0) {
        entry = written.get(random.nextInt(written.size()));
      } else {
        entry = new Entry(stream(random), start + i * 1_000_000L, line(random), metadata(random));
        written.add(entry);
      }
      byte[] line = entry.bytes();
      batch.entry(batch.stream(entry.stream()), entry.timeNs(), line, 0, line.length);
      batch.metadata(entry.metadata());
      ofTenant(tenant).add(entry);
    }
    disk.append(tenant, batch);
  }

  private static Labels stream(Random random) {
    int number = random.nextInt(12);
    return Labels.of("app", "app-" + number % 3, "pod", "pod-" + number);
  }

  private static Labels metadata(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Labels.of("trace_id", Long.toHexString(random.nextLong()));
      case 1 -> Labels.of("kind", "a" + random.nextInt(3), "size", "" + random.nextInt(1000));
      default -> Labels.EMPTY;
    };
  }

  static String line(Random random) {
    return TestLines.random(random);
  }

  private void delete(StoreOnDisk disk, Random random) throws IOException {
    TenantId tenant = TENANTS[random.nextInt(TENANTS.length)];
    String pod = "pod-" + random.nextInt(12);
    long fromMs = MIDNIGHT / 1_000_000 - random.nextInt(30_000);
    long toMs = fromMs + random.nextInt(40_000);
    disk.delete(tenant, List.of(Matcher.equal("pod", pod)), new TimeRange(fromMs, toMs));
    ofTenant(tenant)
        .removeIf(entry ->
            entry.stream().getOrEmpty("pod").equals(pod)
                && Math.floorDiv(entry.timeNs(), 1_000_000L) >= fromMs
                && Math.floorDiv(entry.timeNs(), 1_000_000L) <= toMs);
  }

  private void check(StoreOnDisk disk, Random random) {
    for (TenantId tenant : TENANTS) {
      List<Matcher> matchers =
          random.nextBoolean()
              ? List.of()
              : List.of(Matcher.equal("app", "app-" + random.nextInt(3)));
      long from =
          random.nextInt(3) > 0 ? Long.MIN_VALUE / 2 : MIDNIGHT - random.nextLong(20_000_000_000L);
      long to =
          random.nextInt(3) > 0 ? Long.MAX_VALUE / 2 : MIDNIGHT + random.nextLong(30_000_000_000L);
      LogSelection.Order order =
          LogSelection.Order.values()[random.nextInt(LogSelection.Order.values().length)];
      List<Entry> seen = new ArrayList<>();
      Map<Labels, Long> last = new HashMap<>();
      List<String> warnings =
          disk.store()
              .scan(
                  new LogSelection(tenant, matchers, from, to, order, List.of(), null),
                  QueryBudget.unlimited(),
                  run -> {
                    read(run, order, last, seen);
                    return true;
                  });
      assertThat(warnings).isEmpty();
      Set<Entry> wanted = new HashSet<>();
      for (Entry entry : ofTenant(tenant)) {
        boolean fits =
            matchers.isEmpty()
                || entry.stream().getOrEmpty("app").equals(matchers.getFirst().value());
        if (fits && entry.timeNs() >= from && entry.timeNs() <= to) {
          wanted.add(entry);
        }
      }
      assertThat(seen).doesNotHaveDuplicates();
      assertThat(new HashSet<>(seen)).isEqualTo(wanted);
      checkStreams(disk, tenant, matchers, from, to, wanted);
    }
  }

  private static void read(
      LogRun run, LogSelection.Order order, Map<Labels, Long> last, List<Entry> seen) {
    LogRun.LineView view = new LogRun.LineView();
    long time = Long.MIN_VALUE;
    long bytes = 0;
    long[] times = run.timesNs();
    assertThat(run.size()).isPositive();
    for (int i = 0; i < run.size(); i++) {
      run.line(i, view);
      bytes += view.length;
      assertThat(times[i]).isBetween(Math.max(time, run.minTimeNs()), run.maxTimeNs());
      time = times[i];
      seen.add(
          new Entry(
              run.stream(),
              time,
              new String(view.bytes, view.from, view.length, StandardCharsets.ISO_8859_1),
              run.metadata(i)));
    }
    assertThat(run.lineBytes()).isEqualTo(bytes);
    int part = run.size() / 3;
    assertThat(run.lineBytes(0, part) + run.lineBytes(part, run.size())).isEqualTo(bytes);
    if (order == LogSelection.Order.BY_STREAM) {
      Long before = last.put(run.stream(), time);
      assertThat(before == null || before <= times[0]).isTrue();
    }
  }

  private static void checkStreams(
      StoreOnDisk disk,
      TenantId tenant,
      List<Matcher> matchers,
      long from,
      long to,
      Set<Entry> wanted) {
    Collection<Labels> streams =
        disk.store().streams(tenant, matchers, from, to, QueryBudget.unlimited());
    Set<Labels> having = new HashSet<>();
    wanted.forEach(entry -> having.add(entry.stream()));
    assertThat(streams).containsAll(having);
    assertThat(new HashSet<>(streams)).hasSameSizeAs(streams);
  }

  private Set<Entry> ofTenant(TenantId tenant) {
    return requireNonNull(expected.get(tenant));
  }
}
