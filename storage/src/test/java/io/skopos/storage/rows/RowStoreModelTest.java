// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.manifest.Manifest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to the store, its answers are those of a map. */
class RowStoreModelTest {

  private static final TenantId[] TENANTS = {new TenantId("a"), new TenantId("b")};
  private static final UtcDay FIRST_DAY = UtcDay.parse("2026-03-01");
  private static final int DAYS = 3;
  private static final int UNIT = 1000;
  private static final int TIMES = 12;

  @TempDir private Path directory;

  /** One row as the model sees it; {@code key} orders and identifies. */
  private record Row(long time, String key, Map<String, String> texts, long size) {

    String text() {
      TreeMap<String, String> values = new TreeMap<>();
      texts.forEach((name, value) -> values.put(name, "b" + value));
      values.put("size", "i" + size);
      return time + " " + values;
    }

    String value(String column) {
      return texts.getOrDefault(column, "");
    }
  }

  private final Map<TenantId, Map<String, Row>> model = new HashMap<>();

  /** For the message of a failure. */
  private final List<String> done = new ArrayList<>();

  private final AtomicLong nowMs = new AtomicLong();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void answersAreThoseOfAMap(boolean identified) throws Exception {
    RowSchema schema =
        new RowSchema(
            Signal.EVENTS,
            List.of(
                new RowSchema.ColumnSpec("id", ColumnType.BYTES, false),
                new RowSchema.ColumnSpec("title", ColumnType.BYTES, true),
                new RowSchema.ColumnSpec("size", ColumnType.INTEGER, false)),
            identified ? List.of("id") : List.of(),
            UNIT);
    for (long seed = 1; seed <= 3; seed++) {
      run(schema, seed);
    }
  }

  private void run(RowSchema schema, long seed) throws Exception {
    model.clear();
    done.clear();
    // So late that every day is settled: each look merges what it can.
    nowMs.set(FIRST_DAY.startMs() + Duration.ofDays(DAYS + 1).toMillis());
    Path place = directory.resolve("seed-" + seed);
    Random random = new Random(seed);
    RowsOnGround rows = open(place, schema, random);
    try {
      for (int step = 0; step < 50; step++) {
        String when = "seed " + seed + ", step " + step;
        switch (random.nextInt(14)) {
          case 0, 1 -> {
            done.add("flush");
            rows.flush();
          }
          case 2, 3 -> {
            done.add("maintain");
            nowMs.addAndGet(Duration.ofDays(2).toMillis());
            rows.ground.maintain();
          }
          case 4, 5 -> delete(rows, random);
          case 6 -> {
            done.add("open again");
            rows.close();
            rows = open(place, schema, random);
          }
          default -> {
            done.add("append");
            append(rows, schema, random);
          }
        }
        compare(rows, random, when + " after " + done);
      }
      rows.flush();
      assertThat(rows.store.headBytes()).as("seed %d", seed).isZero();
      compare(rows, random, "seed " + seed + ", all in parts");
      awaitOnePartADay(rows, "seed " + seed);
      compare(rows, random, "seed " + seed + ", all merged");
    } finally {
      rows.close();
    }
  }

  private void awaitOnePartADay(RowsOnGround rows, String when) throws Exception {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (true) {
      int toDo = 0;
      for (TenantId tenant : TENANTS) {
        for (Manifest manifest :
            rows.ground
                .manifests()
                .overlapping(tenant, Signal.EVENTS, Long.MIN_VALUE, Long.MAX_VALUE)) {
          toDo += Math.max(0, manifest.parts().size() - 1) + manifest.deletions().size();
        }
      }
      if (toDo == 0) {
        return;
      }
      assertThat(System.nanoTime()).as("%s: %d left to merge", when, toDo).isLessThan(deadline);
      nowMs.addAndGet(Duration.ofDays(2).toMillis());
      rows.ground.maintain();
      Thread.sleep(2);
    }
  }

  private RowsOnGround open(Path place, RowSchema schema, Random random) throws Exception {
    return new RowsOnGround(
        place, schema, () -> Instant.ofEpochMilli(nowMs.get()), random.nextBoolean());
  }

  private void append(RowsOnGround rows, RowSchema schema, Random random) throws Exception {
    TenantId tenant = TENANTS[random.nextInt(TENANTS.length)];
    RowBlockBuilder builder = new RowBlockBuilder();
    for (int i = random.nextInt(25); i >= 0; i--) {
      long time = time(random.nextInt(TIMES));
      Map<String, String> texts = new TreeMap<>();
      texts.put("id", "id" + random.nextInt(4));
      if (random.nextInt(4) > 0) {
        texts.put("title", "a title about the thing " + random.nextInt(5));
      }
      if (random.nextBoolean()) {
        texts.put("label.group", "g" + random.nextInt(3));
      }
      if (random.nextInt(30) == 0) {
        texts.put("label.rare" + random.nextInt(40), "x");
      }
      long size = random.nextInt(3);
      builder.row(time).integer("size", size);
      texts.forEach(builder::text);
      Row row = new Row(time, texts.get("id"), texts, size);
      model
          .computeIfAbsent(tenant, _ -> new HashMap<>())
          .put(schema.identity().isEmpty() ? row.text() : time + row.key, row);
    }
    rows.append(tenant, builder.build());
  }

  private void delete(RowsOnGround rows, Random random) throws Exception {
    TenantId tenant = TENANTS[random.nextInt(TENANTS.length)];
    Matcher matcher = matcher(random);
    long from = random.nextInt(TIMES);
    TimeRange range =
        random.nextInt(3) == 0
            ? TimeRange.ALL
            : new TimeRange(ms(from), ms(from + random.nextInt(TIMES)));
    rows.delete(tenant, matcher, range);
    done.add("delete " + tenant + " " + matcher + " " + range);
    model
        .getOrDefault(tenant, new HashMap<>())
        .values()
        .removeIf(row ->
            row.time >= range.fromMs() * (double) UNIT
                && row.time / UNIT <= range.toMs()
                && fits(row, matcher));
  }

  private void compare(RowsOnGround rows, Random random, String when) {
    for (TenantId tenant : TENANTS) {
      assertThat(
              Set.copyOf(
                  rows.scan(
                      tenant,
                      new RowQuery(Long.MIN_VALUE, Long.MAX_VALUE, List.of(), false),
                      Integer.MAX_VALUE)))
          .as(when)
          .isEqualTo(
              Set.copyOf(
                  model.getOrDefault(tenant, Map.of()).values().stream().map(Row::text).toList()));
      for (int i = 0; i < 3; i++) {
        query(rows, random, tenant, when);
      }
    }
  }

  private void query(RowsOnGround rows, Random random, TenantId tenant, String when) {
    long from = random.nextInt(3) == 0 ? Long.MIN_VALUE : time(random.nextInt(TIMES));
    long to = random.nextInt(3) == 0 ? Long.MAX_VALUE : time(random.nextInt(TIMES));
    List<RowCondition> conditions = new ArrayList<>();
    Matcher matcher = matcher(random);
    String part = "the thing " + random.nextInt(5);
    Set<String> ids = Set.of("id9", "id" + random.nextInt(4));
    long least = random.nextInt(3);
    int asked = random.nextInt(16);
    if ((asked & 1) != 0) {
      conditions.add(RowCondition.Matches.of(matcher.name(), matcher));
    }
    if ((asked & 2) != 0) {
      conditions.add(
          new RowCondition.Contains("title", part.getBytes(StandardCharsets.UTF_8), false));
    }
    if ((asked & 4) != 0) {
      conditions.add(RowCondition.OneOf.of("id", ids));
    }
    if ((asked & 8) != 0) {
      conditions.add(new RowCondition.Between("size", least, Long.MAX_VALUE));
    }
    List<Row> expected = new ArrayList<>();
    for (Row row : model.getOrDefault(tenant, Map.of()).values()) {
      if (row.time >= from
          && row.time <= to
          && ((asked & 1) == 0 || fits(row, matcher))
          && ((asked & 2) == 0 || row.value("title").contains(part))
          && ((asked & 4) == 0 || ids.contains(row.key))
          && ((asked & 8) == 0 || row.size >= least)) {
        expected.add(row);
      }
    }
    boolean newestFirst = random.nextBoolean();
    int limit = random.nextInt(3) == 0 ? 1 + random.nextInt(5) : Integer.MAX_VALUE;
    List<String> found = rows.scan(tenant, new RowQuery(from, to, conditions, newestFirst), limit);
    Comparator<Row> order = Comparator.comparingLong(Row::time);
    if (!rows.store.identity().isEmpty()) {
      order = order.thenComparing(Row::key);
    }
    expected.sort(newestFirst ? order.reversed() : order);
    List<String> texts = expected.stream().map(Row::text).toList();
    String what = when + ", conditions " + conditions + ", from " + from + " to " + to;
    if (!rows.store.identity().isEmpty()) {
      assertThat(found).as(what).isEqualTo(texts.subList(0, Math.min(limit, texts.size())));
    } else {
      assertThat(found).as(what).hasSize(Math.min(limit, texts.size())).doesNotHaveDuplicates();
      assertThat(texts).as(what).containsAll(found);
      assertThat(found.stream().map(RowStoreModelTest::timeOf).toList())
          .as(what)
          .isEqualTo(
              expected.stream().map(Row::time).limit(Math.min(limit, texts.size())).toList());
    }
  }

  private static long timeOf(String text) {
    return Long.parseLong(text.substring(0, text.indexOf(' ')));
  }

  private static Matcher matcher(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Matcher.equal("label.group", "g" + random.nextInt(3));
      case 1 -> new Matcher(Matcher.Type.NOT_EQUAL, "label.group", "g1");
      case 2 -> new Matcher(Matcher.Type.REGEX, "id", "id[12]");
      default -> new Matcher(Matcher.Type.NOT_REGEX, "title", ".*[0-3]");
    };
  }

  private static boolean fits(Row row, Matcher matcher) {
    String value = row.value(matcher.name());
    return switch (matcher.type()) {
      case EQUAL -> value.equals(matcher.value());
      case NOT_EQUAL -> !value.equals(matcher.value());
      case REGEX -> value.matches(matcher.value());
      case NOT_REGEX -> !value.matches(matcher.value());
    };
  }

  private static long ms(long step) {
    return FIRST_DAY.startMs() + step * (DAYS * UtcDay.MILLIS / TIMES);
  }

  /** Not at the beginning of a millisecond, so that units are told apart. */
  private static long time(long step) {
    return ms(step) * UNIT + 7;
  }
}
