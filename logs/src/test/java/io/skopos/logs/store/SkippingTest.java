// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.skopos.engine.QueryBudget;
import io.skopos.logs.store.EntryCondition.Field;
import io.skopos.logs.store.EntryCondition.LineContains;
import io.skopos.logs.store.EntryCondition.Metadata;
import io.skopos.logs.store.EntryCondition.Syntax;
import io.skopos.logs.store.EntryCondition.Value;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Conditions leave out only what a naive look leaves out as well; fields are what a parser sees.
 */
class SkippingTest {

  private static final long START = 20_000 * UtcDay.MILLIS * 1_000_000L;

  private final List<Entry> entries = new ArrayList<>();

  /** Entries that the store was sure of. */
  private long sureOf;

  @TempDir private Path directory;

  @Test
  void leaves_out_nothing_that_fits() throws IOException {
    Random random = new Random(5);
    try (StoreOnDisk disk = filled(random)) {
      for (int i = 0; i < 250; i++) {
        contains(disk, random);
      }
      for (int i = 0; i < 250; i++) {
        containsRun(disk, random);
      }
      assertThat(sureOf).isGreaterThan(2000);
      for (int i = 0; i < 40; i++) {
        metadata(disk, random);
      }
      Map<Entry, Map<String, String>> json = new HashMap<>();
      for (Entry entry : entries) {
        Map<String, String> fields = json(entry);
        if (fields != null) {
          json.put(entry, fields);
        }
      }
      assertThat(json).hasSizeGreaterThan(300);
      fieldsAreThoseOfAParser(disk, json);
      for (int i = 0; i < 60; i++) {
        field(disk, random, json);
      }
    }
  }

  private StoreOnDisk filled(Random random) throws IOException {
    StoreOnDisk disk = new StoreOnDisk(directory);
    int rows = 0;
    for (int part = 0; part < 4; part++) {
      LogBatch batch = new LogBatch();
      for (int i = 0; i < 900; i++) {
        Labels stream = Labels.of("app", "a" + random.nextInt(3), "kind", "k" + random.nextInt(2));
        Labels metadata =
            switch (random.nextInt(3)) {
              case 0 -> Labels.of("trace_id", "t" + Long.toHexString(random.nextLong()));
              case 1 -> Labels.of("kind", "m" + random.nextInt(5), "n", "" + random.nextInt(99));
              default -> Labels.EMPTY;
            };
        Entry entry =
            new Entry(stream, START + rows++ * 1_000_000L, TestLines.random(random), metadata);
        entries.add(entry);
        byte[] line = entry.bytes();
        batch.entry(batch.stream(stream), entry.timeNs(), line, 0, line.length);
        batch.metadata(metadata);
      }
      disk.append(TenantId.ANONYMOUS, batch);
      if (part < 3) {
        disk.flush();
      }
      if (part == 1) {
        disk.merge(new Random(2));
      }
    }
    return disk;
  }

  private void contains(StoreOnDisk disk, Random random) {
    List<byte[]> needles = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      String line = entries.get(random.nextInt(entries.size())).line();
      int from = random.nextInt(line.length() + 1);
      int to = Math.min(line.length(), from + 1 + random.nextInt(60));
      needles.add(line.substring(from, to).getBytes(StandardCharsets.ISO_8859_1));
    }
    String texts = needles.stream().map(SkippingTest::text).toList().toString();
    Set<Entry> seen = scan(disk, List.of(new LineContains(needles)));
    for (Entry entry : entries) {
      boolean fits = false;
      for (byte[] needle : needles) {
        fits |= entry.line().contains(text(needle));
      }
      if (fits) {
        check(seen, entry, texts);
      }
    }
  }

  /** Of letters and digits only, which columns can be sure of. */
  private void containsRun(StoreOnDisk disk, Random random) {
    List<byte[]> needles = new ArrayList<>();
    for (int i = random.nextInt(2); i >= 0; i--) {
      String[] runs = entries.get(random.nextInt(entries.size())).line().split("[^0-9A-Za-z]+", -1);
      String run = runs[random.nextInt(runs.length)];
      if (!run.isEmpty()) {
        int from = random.nextInt(run.length());
        int to = from + 1 + random.nextInt(run.length() - from);
        needles.add(run.substring(from, to).getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    if (!needles.isEmpty()) {
      Set<Entry> seen = scan(disk, List.of(new LineContains(needles)));
      for (Entry entry : entries) {
        if (needles.stream().anyMatch(needle -> entry.line().contains(text(needle)))) {
          check(seen, entry, needles);
        }
      }
    }
  }

  private static void checkSure(Entry entry, List<EntryCondition> conditions) {
    for (EntryCondition condition : conditions) {
      boolean fits = false;
      if (condition instanceof LineContains contains) {
        for (byte[] needle : contains.anyOf()) {
          fits |= entry.line().contains(text(needle));
        }
      }
      if (!fits) {
        fail(condition + " is said to fit " + entry);
      }
    }
  }

  /** Thousands of times: the message is put together only when it is needed. */
  private static void check(Set<Entry> seen, Entry entry, Object condition) {
    if (!seen.contains(entry)) {
      fail(condition + " leaves out " + entry);
    }
  }

  private static String text(byte[] latin1) {
    return new String(latin1, StandardCharsets.ISO_8859_1);
  }

  private void metadata(StoreOnDisk disk, Random random) {
    Entry one = entries.get(random.nextInt(entries.size()));
    String name = random.nextBoolean() ? "trace_id" : random.nextBoolean() ? "kind" : "n";
    Value value =
        switch (random.nextInt(3)) {
          case 0 -> new Value.Present();
          case 1 -> new Value.Between(10, 40);
          default -> new Value.OneOf(List.of(one.metadata().getOrEmpty(name)));
        };
    Set<Entry> seen = scan(disk, List.of(new Metadata(name, value)));
    for (Entry entry : entries) {
      if (fits(value, entry.metadata().getOrEmpty(name))
          || fits(value, entry.stream().getOrEmpty(name))) {
        check(seen, entry, value);
      }
    }
  }

  private static boolean fits(Value value, String text) {
    return switch (value) {
      case Value.Present _ -> !text.isEmpty();
      case Value.OneOf oneOf -> oneOf.texts().contains(text);
      case Value.Between between -> {
        try {
          double number = Double.parseDouble(text);
          yield number >= between.least() && number <= between.greatest();
        } catch (NumberFormatException e) {
          yield false;
        }
      }
    };
  }

  private void field(StoreOnDisk disk, Random random, Map<Entry, Map<String, String>> json) {
    List<Entry> all = new ArrayList<>(json.keySet());
    Map<String, String> some = json.getOrDefault(all.get(random.nextInt(all.size())), Map.of());
    List<String> names = new ArrayList<>(some.keySet());
    if (names.isEmpty()) {
      return;
    }
    String name = names.get(random.nextInt(names.size()));
    Value value =
        switch (random.nextInt(3)) {
          case 0 -> new Value.Present();
          case 1 -> new Value.Between(random.nextInt(300), 300 + random.nextInt(300));
          default -> new Value.OneOf(List.of(some.get(name)));
        };
    Set<Entry> seen = scan(disk, List.of(new Field(Syntax.JSON, name, value)));
    for (Entry entry : entries) {
      Map<String, String> fields = json.get(entry);
      if (fields == null || fits(value, fields.getOrDefault(name, ""))) {
        check(seen, entry, value);
      }
    }
  }

  private void fieldsAreThoseOfAParser(StoreOnDisk disk, Map<Entry, Map<String, String>> json) {
    int[] taken = new int[2];
    LogRun.LineView view = new LogRun.LineView();
    disk.store()
        .scan(
            selection(List.of()),
            QueryBudget.unlimited(),
            run -> {
              LogRun.FieldColumns fields = run.fields();
              Map<Integer, Map<Integer, String>> codes = new HashMap<>();
              for (int i = 0; i < run.size() && fields != null; i++) {
                Entry entry = entry(run, i, view);
                if (fields.syntax(i) == Syntax.JSON) {
                  taken[0]++;
                  Map<String, String> found = new HashMap<>();
                  for (int column = 0; column < fields.columns(); column++) {
                    if (fields.has(i, column)) {
                      String text = fields.text(i, column);
                      found.put(fields.name(column), text);
                      int code = fields.code(i, column);
                      if (code >= 0) {
                        assertThat(
                                codes
                                    .computeIfAbsent(column, _ -> new HashMap<>())
                                    .computeIfAbsent(code, _ -> text))
                            .isEqualTo(text);
                      }
                      assertThat(Double.compare(fields.number(i, column), number(text))).isZero();
                    }
                  }
                  assertThat(found).isEqualTo(json.get(entry));
                } else if (fields.syntax(i) == Syntax.LOGFMT) {
                  taken[1]++;
                  int level = fields.column("level");
                  assertThat(entry.line()).startsWith("level=" + fields.text(i, level) + " ");
                }
              }
              return true;
            });
    assertThat(taken[0]).isGreaterThan(100);
    assertThat(taken[1]).isGreaterThan(20);
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** Null for what is no JSON object. */
  private static @Nullable Map<String, String> json(Entry entry) {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(entry.bytes())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      object(parser, "", fields);
      return parser.nextToken() == null ? fields : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static void object(JsonParser parser, String prefix, Map<String, String> into)
      throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      String name = prefix.isEmpty() ? key : prefix + "_" + key;
      if (prefix.isEmpty() && !key.isEmpty() && Character.isDigit(key.charAt(0))) {
        name = "_" + name;
      }
      name = name.replaceAll("[^A-Za-z0-9_]", "_");
      switch (parser.nextToken()) {
        case START_OBJECT -> object(parser, name, into);
        case START_ARRAY -> parser.skipChildren();
        case VALUE_NULL -> {}
        default -> into.putIfAbsent(name, parser.getText());
      }
    }
  }

  private Set<Entry> scan(StoreOnDisk disk, List<EntryCondition> conditions) {
    Set<Entry> seen = new HashSet<>();
    LogRun.LineView view = new LogRun.LineView();
    List<String> warnings =
        disk.store()
            .scan(
                selection(conditions),
                QueryBudget.unlimited(),
                run -> {
                  for (int i = 0; i < run.size(); i++) {
                    Entry entry = entry(run, i, view);
                    seen.add(entry);
                    if (run.fitsConditions()) {
                      sureOf++;
                      checkSure(entry, conditions);
                    }
                  }
                  return true;
                });
    assertThat(warnings).isEmpty();
    return seen;
  }

  private static LogSelection selection(List<EntryCondition> conditions) {
    return new LogSelection(
        TenantId.ANONYMOUS,
        List.of(),
        START,
        Long.MAX_VALUE,
        LogSelection.Order.BY_STREAM,
        conditions,
        null);
  }

  private static Entry entry(LogRun run, int i, LogRun.LineView view) {
    run.line(i, view);
    return new Entry(
        run.stream(),
        run.timesNs()[i],
        new String(view.bytes, view.from, view.length, StandardCharsets.ISO_8859_1),
        run.metadata(i));
  }
}
