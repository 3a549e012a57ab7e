// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.conformance;

import io.skopos.engine.QueryValue;
import io.skopos.metrics.language.QueryOutcome;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Compares an answer with what a script expects. Each method returns what differs. */
final class ResultCheck {

  private static final double TOLERANCE = 1e-6;

  private ResultCheck() {}

  static List<String> annotations(TestScript.Eval eval, QueryOutcome outcome) {
    List<String> differences = new ArrayList<>();
    present(eval, TestScript.Kind.WARN, "warning", outcome.warnings(), differences);
    present(eval, TestScript.Kind.INFO, "info", outcome.infos(), differences);
    if (eval.expects(TestScript.Kind.NO_WARN) && !outcome.warnings().isEmpty()) {
      differences.add("unexpected warnings " + outcome.warnings());
    }
    if (eval.expects(TestScript.Kind.NO_INFO) && !outcome.infos().isEmpty()) {
      differences.add("unexpected infos " + outcome.infos());
    }
    return differences;
  }

  static List<String> instant(TestScript.Eval eval, QueryValue value, boolean ordered) {
    List<String> differences = new ArrayList<>();
    switch (value) {
      case QueryValue.Scalar scalar -> {
        if (eval.scalar() == null || !near(eval.scalar(), scalar.value())) {
          differences.add("expected " + eval.scalar() + ", got scalar " + scalar.value());
        }
      }
      case QueryValue.Text text -> {
        if (!text.value().equals(eval.text())) {
          differences.add("expected '" + eval.text() + "', got '" + text.value() + "'");
        }
      }
      case QueryValue.Vector(List<QueryValue.Sample> samples) ->
          vector(eval, samples, ordered, differences);
      case QueryValue.Matrix matrix -> {
        TestScript.RangeVector range = eval.rangeVector();
        if (range == null) {
          differences.add("got a matrix where none was expected: " + text(matrix));
        } else {
          matrix(eval, matrix, range.startMs(), range.endMs(), range.stepMs(), differences);
        }
      }
    }
    return differences;
  }

  static List<String> range(TestScript.Eval eval, QueryValue value) {
    List<String> differences = new ArrayList<>();
    if (value instanceof QueryValue.Matrix matrix) {
      matrix(eval, matrix, eval.startMs(), eval.endMs(), eval.stepMs(), differences);
    } else {
      differences.add("a range query answered with " + value);
    }
    return differences;
  }

  /** The points of a range query at one time, against an instant query's expectation. */
  static List<String> middle(TestScript.Eval eval, QueryValue value, long timeMs) {
    List<String> differences = new ArrayList<>();
    List<QueryValue.Sample> samples = new ArrayList<>();
    for (QueryValue.Series series : ((QueryValue.Matrix) value).series()) {
      for (int i = 0; i < series.timesMs().length; i++) {
        if (series.timesMs()[i] == timeMs) {
          samples.add(
              new QueryValue.Sample(
                  series.labels(), timeMs, series.values()[i], series.histogram(i)));
        }
      }
    }
    if (eval.scalar() != null) {
      if (samples.size() != 1 || !near(eval.scalar(), samples.getFirst().value())) {
        differences.add("as a range: expected " + eval.scalar() + ", got " + samples);
      }
      return differences;
    }
    vector(eval, samples, false, differences);
    return differences.stream().map(difference -> "as a range: " + difference).toList();
  }

  static boolean near(double expected, double actual) {
    boolean expectedStale = StaleMarker.is(expected);
    if (expectedStale || StaleMarker.is(actual)) {
      return expectedStale && StaleMarker.is(actual);
    }
    if (Double.isNaN(expected) || Double.isNaN(actual)) {
      return Double.isNaN(expected) && Double.isNaN(actual);
    }
    if (expected == actual) {
      return true;
    }
    double sum = Math.abs(expected) + Math.abs(actual);
    double difference = Math.abs(expected - actual);
    if (expected == 0 || actual == 0 || sum < Double.MIN_NORMAL) {
      return difference < TOLERANCE * Double.MIN_NORMAL;
    }
    return difference / Math.min(sum, Double.MAX_VALUE) < TOLERANCE;
  }

  private static void present(
      TestScript.Eval eval,
      TestScript.Kind kind,
      String name,
      List<String> found,
      List<String> differences) {
    List<TestScript.Expectation> wanted =
        eval.expectations().stream().filter(e -> e.kind() == kind).toList();
    if (wanted.isEmpty()) {
      return;
    }
    if (found.isEmpty()) {
      differences.add("expected a " + name + ", got none");
    }
    boolean specific = wanted.stream().anyMatch(w -> w.message() != null || w.regex() != null);
    if (!specific) {
      return;
    }
    for (TestScript.Expectation expectation : wanted) {
      if (found.stream().noneMatch(text -> fits(expectation, text))) {
        differences.add("expected the " + name + " " + expectation + ", got " + found);
      }
    }
    for (String text : found) {
      if (wanted.stream().noneMatch(expectation -> fits(expectation, text))) {
        differences.add("unexpected " + name + " " + text);
      }
    }
  }

  private static boolean fits(TestScript.Expectation expectation, String text) {
    return expectation.fits(text);
  }

  private static void vector(
      TestScript.Eval eval,
      List<QueryValue.Sample> samples,
      boolean ordered,
      List<String> differences) {
    if (eval.scalar() != null) {
      differences.add("expected the scalar " + eval.scalar() + ", got a vector " + text(samples));
      return;
    }
    Map<Labels, SeriesLine.Item> expected = new LinkedHashMap<>();
    for (SeriesLine line : eval.series()) {
      if (line.items().size() != 1 || line.items().getFirst() instanceof SeriesLine.Blank) {
        differences.add("cannot compare " + line);
        return;
      }
      expected.put(line.labels(), line.items().getFirst());
    }
    List<Labels> order = new ArrayList<>(expected.keySet());
    Set<Labels> seen = new HashSet<>();
    for (int i = 0; i < samples.size(); i++) {
      QueryValue.Sample sample = samples.get(i);
      SeriesLine.Item item = expected.get(sample.labels());
      String actual = text(sample.value(), sample.histogram());
      if (!seen.add(sample.labels())) {
        differences.add("twice: " + sample.labels());
      } else if (item == null) {
        differences.add("unexpected " + sample.labels() + " " + actual);
      } else if (!fits(item, sample.value(), sample.histogram())) {
        differences.add(sample.labels() + ": expected " + item + ", got " + actual);
      } else if (ordered && order.indexOf(sample.labels()) != i) {
        differences.add(sample.labels() + " stands at " + i + ", expected " + order);
      }
    }
    for (Labels labels : order) {
      if (!seen.contains(labels)) {
        differences.add("missing " + labels + " " + expected.get(labels));
      }
    }
  }

  private static boolean fits(
      SeriesLine.Item item, double value, @Nullable NativeHistogram histogram) {
    return switch (item) {
      case SeriesLine.Point(double wanted) -> histogram == null && near(wanted, value);
      case SeriesLine.Histogram(HistogramLiteral literal) ->
          histogram != null && literal.fits(histogram);
      case SeriesLine.Blank _, SeriesLine.Start _ -> false;
    };
  }

  private static String text(double value, @Nullable NativeHistogram histogram) {
    return histogram == null ? "" + value : HistogramLiteral.text(histogram);
  }

  private static void matrix(
      TestScript.Eval eval,
      QueryValue.Matrix matrix,
      long startMs,
      long endMs,
      long stepMs,
      List<String> differences) {
    Map<Labels, TreeMap<Long, SeriesLine.Item>> expected = new LinkedHashMap<>();
    for (SeriesLine line : eval.series()) {
      TreeMap<Long, SeriesLine.Item> points = new TreeMap<>();
      for (int i = 0; i < line.items().size(); i++) {
        long time = startMs + i * stepMs;
        if (!(line.items().get(i) instanceof SeriesLine.Blank)) {
          if (time > endMs) {
            differences.add("more items than steps: " + line.labels());
          }
          points.put(time, line.items().get(i));
        }
      }
      if (!points.isEmpty()) {
        expected.put(line.labels(), points);
      }
    }
    if (eval.scalar() != null) {
      TreeMap<Long, SeriesLine.Item> points = new TreeMap<>();
      for (long time = startMs; time <= endMs; time += stepMs) {
        points.put(time, new SeriesLine.Point(eval.scalar()));
      }
      expected.put(Labels.EMPTY, points);
    }
    Set<Labels> seen = new HashSet<>();
    Labels previous = null;
    for (QueryValue.Series series : matrix.series()) {
      TreeMap<Long, SeriesLine.Item> points = expected.get(series.labels());
      if (previous != null && previous.compareTo(series.labels()) >= 0) {
        differences.add("not sorted: " + series.labels() + " after " + previous);
      }
      previous = series.labels();
      seen.add(series.labels());
      if (points == null || points.size() != series.timesMs().length) {
        differences.add(series.labels() + ": expected " + points + ", got " + text(series));
        continue;
      }
      int at = 0;
      for (Map.Entry<Long, SeriesLine.Item> point : points.entrySet()) {
        if (series.timesMs()[at] != point.getKey()
            || !fits(point.getValue(), series.values()[at], series.histogram(at))) {
          differences.add(series.labels() + ": expected " + points + ", got " + text(series));
          break;
        }
        at++;
      }
    }
    for (Labels labels : expected.keySet()) {
      if (!seen.contains(labels)) {
        differences.add("missing " + labels + " " + expected.get(labels));
      }
    }
  }

  private static String text(QueryValue.Matrix matrix) {
    return matrix.series().stream().map(ResultCheck::text).toList().toString();
  }

  private static String text(List<QueryValue.Sample> samples) {
    return samples.stream()
        .map(sample -> sample.labels() + " " + text(sample.value(), sample.histogram()))
        .toList()
        .toString();
  }

  private static String text(QueryValue.Series series) {
    StringBuilder text = new StringBuilder(series.labels().toString());
    for (int i = 0; i < series.timesMs().length; i++) {
      text.append(' ')
          .append(series.timesMs()[i])
          .append('=')
          .append(text(series.values()[i], series.histogram(i)));
    }
    return text.toString();
  }
}
