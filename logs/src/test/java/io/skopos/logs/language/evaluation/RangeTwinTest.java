// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryValue;
import io.skopos.engine.aggregation.Quantile;
import io.skopos.logs.language.LogqlEngine;
import io.skopos.logs.language.LogqlQuery;
import io.skopos.logs.language.MemoryLogs;
import io.skopos.logs.language.QueryLimits;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Range aggregations against ones that look at every window on its own. */
class RangeTwinTest {

  private static final long SECOND = 1_000_000_000L;
  private static final String[] PLAIN = {
    "count_over_time", "rate", "bytes_over_time", "bytes_rate", "absent_over_time"
  };
  private static final String[] UNWRAPPED = {
    "sum_over_time",
    "avg_over_time",
    "min_over_time",
    "max_over_time",
    "stddev_over_time",
    "stdvar_over_time",
    "quantile_over_time",
    "first_over_time",
    "last_over_time",
    "rate_counter",
    "rate",
    "absent_over_time"
  };

  private record Entry(Labels stream, long timeNs, String line, double value) {}

  @RepeatedTest(400)
  void isWhatEachWindowSays(RepetitionInfo repetition) throws Exception {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Entry> entries = entries(random);
    MemoryLogs logs = new MemoryLogs(1 + random.nextInt(6), random.nextBoolean());
    entries.forEach(e -> logs.add(e.stream, e.timeNs, e.line, Labels.EMPTY));
    boolean unwraps = random.nextBoolean();
    String[] functions = unwraps ? UNWRAPPED : PLAIN;
    String function = functions[random.nextInt(functions.length)];
    long interval = (1 + random.nextInt(20)) * (random.nextInt(4) == 0 ? SECOND / 2 : SECOND);
    long step = (1 + random.nextInt(8)) * SECOND;
    long offset = random.nextInt(3) == 0 ? (random.nextInt(9) - 4) * SECOND : 0;
    int steps = 1 + random.nextInt(12);
    long start = 100 * SECOND + random.nextInt(30) * SECOND;
    String by = unwraps && function.matches("(avg|min|max|quantile|stddev)_.*") ? by(random) : "";
    String outer = random.nextInt(4) == 0 ? "sum by (a) (" : "";
    String text =
        outer
            + function
            + "("
            + (function.equals("quantile_over_time") ? "0.7," : "")
            + "{x=\"y\"}"
            + (unwraps ? " | logfmt | unwrap v" : "")
            + "["
            + interval / 1_000_000
            + "ms]"
            + (offset == 0 ? "" : " offset " + offset / SECOND + "s")
            + ")"
            + by
            + (outer.isEmpty() ? "" : ")");
    Map<Labels, @Nullable Double[]> expected = new TreeMap<>();
    for (int i = 0; i < steps; i++) {
      long end = start + i * step - offset;
      Map<Labels, List<Entry>> windows = windows(entries, end, interval, by);
      if (function.equals("absent_over_time")) {
        if (windows.isEmpty()) {
          set(expected, Labels.of("x", "y"), steps, i, 1);
        }
        continue;
      }
      for (Map.Entry<Labels, List<Entry>> window : windows.entrySet()) {
        double value = value(function, unwraps, window.getValue(), end, interval);
        set(expected, window.getKey(), steps, i, value);
      }
    }
    if (!outer.isEmpty()) {
      expected = summed(expected, steps);
    }
    QueryValue answer =
        new LogqlEngine(logs)
            .range(
                TenantId.ANONYMOUS,
                LogqlQuery.parse(text),
                start,
                start + (steps - 1) * step,
                step / 1_000_000,
                QueryLimits.UNLIMITED,
                QueryBudget.unlimited())
            .value();
    compare(text, expected, ((QueryValue.Matrix) answer).series(), start, step);
  }

  private static List<Entry> entries(Random random) {
    List<Entry> entries = new ArrayList<>();
    int count = random.nextInt(80);
    for (int i = 0; i < count; i++) {
      Labels stream =
          Labels.of("x", "y", "a", "a" + random.nextInt(2), "b", "b" + random.nextInt(2));
      long time = 80 * SECOND + random.nextInt(160) * SECOND / 2;
      double value = random.nextInt(200) / 4.0 - 10;
      // Equal times would leave it open which is first.
      entries.add(new Entry(stream, time + i, "v=" + value, value));
    }
    return entries;
  }

  private static String by(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> " by (a)";
      case 1 -> " without (a)";
      case 2 -> " by ()";
      default -> "";
    };
  }

  private static Map<Labels, List<Entry>> windows(
      List<Entry> entries, long end, long interval, String by) {
    Map<Labels, List<Entry>> windows = new TreeMap<>();
    for (Entry entry : entries) {
      if (entry.timeNs > end - interval && entry.timeNs <= end) {
        windows.computeIfAbsent(key(entry.stream, by), _ -> new ArrayList<>()).add(entry);
      }
    }
    windows.values().forEach(of -> of.sort(Comparator.comparingLong(Entry::timeNs)));
    return windows;
  }

  private static Labels key(Labels stream, String by) {
    return switch (by) {
      case " by (a)" -> stream.keep(List.of("a"));
      case " without (a)" -> stream.drop(List.of("a"));
      case " by ()" -> Labels.EMPTY;
      default -> stream;
    };
  }

  private static double value(
      String function, boolean unwraps, List<Entry> window, long end, long interval) {
    double[] values = window.stream().mapToDouble(Entry::value).toArray();
    double seconds = interval / 1e9;
    double sum = Arrays.stream(values).sum();
    double mean = sum / values.length;
    double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / values.length;
    double bytes =
        window.stream().mapToInt(e -> e.line.getBytes(StandardCharsets.UTF_8).length).sum();
    return switch (function) {
      case "count_over_time" -> values.length;
      case "rate" -> (unwraps ? sum : values.length) / seconds;
      case "bytes_over_time" -> bytes;
      case "bytes_rate" -> bytes / seconds;
      case "sum_over_time" -> sum;
      case "avg_over_time" -> mean;
      case "min_over_time" -> Arrays.stream(values).min().orElseThrow();
      case "max_over_time" -> Arrays.stream(values).max().orElseThrow();
      case "stddev_over_time" -> Math.sqrt(variance);
      case "stdvar_over_time" -> variance;
      case "quantile_over_time" -> Quantile.of(0.7, values, values.length);
      case "first_over_time" -> values[0];
      case "last_over_time" -> values[values.length - 1];
      case "rate_counter" ->
          new CounterRate(end, SECOND, interval)
              .of(0, window.stream().mapToLong(Entry::timeNs).toArray(), values, values.length);
      default -> throw new IllegalArgumentException(function);
    };
  }

  private static void set(
      Map<Labels, @Nullable Double[]> rows, Labels labels, int steps, int step, double value) {
    rows.computeIfAbsent(labels, _ -> new @Nullable Double[steps])[step] = value;
  }

  private static Map<Labels, @Nullable Double[]> summed(
      Map<Labels, @Nullable Double[]> rows, int steps) {
    Map<Labels, @Nullable Double[]> sums = new TreeMap<>();
    rows.forEach((labels, values) -> {
      @Nullable Double[] sum =
          sums.computeIfAbsent(labels.keep(List.of("a")), _ -> new @Nullable Double[steps]);
      for (int i = 0; i < steps; i++) {
        Double value = values[i];
        Double before = sum[i];
        if (value != null) {
          sum[i] = before == null ? value : before + value;
        }
      }
    });
    return sums;
  }

  private static void compare(
      String query,
      Map<Labels, @Nullable Double[]> expected,
      List<QueryValue.Series> series,
      long start,
      long step) {
    assertThat(series.stream().map(QueryValue.Series::labels).toList())
        .as(query)
        .containsExactlyElementsOf(expected.keySet());
    for (QueryValue.Series one : series) {
      @Nullable Double[] wanted = Objects.requireNonNull(expected.get(one.labels()));
      int at = 0;
      for (int i = 0; i < wanted.length; i++) {
        Double value = wanted[i];
        long time = (start + i * step) / 1_000_000;
        boolean present = at < one.timesMs().length && one.timesMs()[at] == time;
        assertThat(present).as("%s at %s of %s", query, i, one.labels()).isEqualTo(value != null);
        if (value != null) {
          assertThat(Math.abs(one.values()[at++] - value))
              .as("%s at %s of %s", query, i, one.labels())
              .isLessThanOrEqualTo(1e-9 * Math.max(1, Math.abs(value)));
        }
      }
      assertThat(at).isEqualTo(one.timesMs().length);
    }
  }
}
