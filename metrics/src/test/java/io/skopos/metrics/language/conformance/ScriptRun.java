// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.conformance;

import io.skopos.engine.QueryAborted;
import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.histogram.CounterReset;
import io.skopos.metrics.language.PromqlEngine;
import io.skopos.metrics.language.QueryOptions;
import io.skopos.metrics.language.QueryOutcome;
import io.skopos.metrics.language.ast.Call;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.InvalidDuration;
import io.skopos.metrics.language.evaluation.StepInvariance;
import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.metrics.language.parse.ParserOptions;
import io.skopos.metrics.language.parse.PromqlParser;
import io.skopos.metrics.language.print.Printer;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Carries out a script's commands one after another. */
final class ScriptRun {

  /** As in Prometheus' own test engine. */
  private static final long MAX_SAMPLES = 10_000;

  private static final PromqlParser PARSER = new PromqlParser(ParserOptions.ALL);
  private static final AtomicInteger TENANTS = new AtomicInteger();

  /** In expressions, durations and after {@code @}. */
  private static final Pattern QUERY_TIMES = Pattern.compile("\\b(start|end|range|step)\\(\\)");

  private final ScriptStore store;
  private final PromqlEngine engine;
  private TenantId tenant = nextTenant();
  private int queries;

  /** Whether there are histograms or start timestamps since the last reset. */
  ScriptRun(ScriptStore store) {
    this.store = store;
    this.engine = new PromqlEngine(store.source());
  }

  void carryOut(TestScript.Command command) {
    switch (command) {
      case TestScript.Clear _ -> {
        tenant = nextTenant();
      }
      case TestScript.Load load -> load(load);
      case TestScript.Eval _ -> {}
    }
  }

  /** How many queries were asked so far, further forms included. */
  int queries() {
    return queries;
  }

  /** Runs an eval and its further forms; returns what differs from the expectation. */
  List<String> check(TestScript.Eval eval) {
    if (!eval.isInstant()) {
      return checkRange(eval);
    }
    List<String> differences = new ArrayList<>(checkInstant(eval, eval.expr(), eval.startMs()));
    if (!differences.isEmpty()) {
      return differences;
    }
    for (Map.Entry<Long, String> pinned : pinned(eval).entrySet()) {
      for (String difference : checkInstant(eval, pinned.getValue(), pinned.getKey())) {
        differences.add(pinned.getValue() + " at " + pinned.getKey() + " ms: " + difference);
      }
    }
    differences.addAll(checkAround(eval));
    return differences;
  }

  private void load(TestScript.Load load) {
    Map<Labels, SeriesLine> lines = new LinkedHashMap<>();
    Map<Labels, SeriesLine> starts = new LinkedHashMap<>();
    for (SeriesLine line : load.series()) {
      (line.startTimestamps() ? starts : lines).put(line.labels(), line);
    }
    SampleBatch batch = new SampleBatch();
    CustomBuckets customBuckets = new CustomBuckets();
    for (SeriesLine line : lines.values()) {
      SeriesLine start = starts.get(line.labels());
      batch.series(line.labels());
      for (int i = 0; i < line.items().size(); i++) {
        long time = i * load.stepMs();
        long startMs =
            start != null && start.items().get(i) instanceof SeriesLine.Start(long offsetMs)
                ? time + offsetMs
                : 0;
        switch (line.items().get(i)) {
          case SeriesLine.Point(double value) -> {
            batch.sample(time, value, startMs);
            if (load.withHistograms()) {
              customBuckets.add(line.labels(), time, value);
            }
          }
          case SeriesLine.Histogram(HistogramLiteral literal) ->
              batch.histogram(time, told(line, i, literal.histogram()), startMs);
          case SeriesLine.Blank _, SeriesLine.Start _ -> {}
        }
      }
    }
    customBuckets.appendTo(batch);
    store.write(tenant, batch);
  }

  /** The histogram as a sender tells it that compares it with the one it sent before. */
  private static NativeHistogram told(SeriesLine line, int item, NativeHistogram histogram) {
    return item > 0
            && line.items().get(item - 1) instanceof SeriesLine.Histogram(HistogramLiteral before)
            && histogram.resetHint() == ResetHint.UNKNOWN
            && !before.histogram().isGauge()
            && !CounterReset.between(before.histogram(), histogram)
        ? histogram.withResetHint(ResetHint.NO_RESET)
        : histogram;
  }

  private List<String> checkInstant(TestScript.Eval eval, String text, long timeMs) {
    try {
      queries++;
      QueryOutcome outcome = engine.instant(tenant, text, timeMs, QueryOptions.DEFAULT, budget());
      if (eval.expects(TestScript.Kind.FAIL)) {
        return List.of("expected a failure, got " + outcome.value());
      }
      List<String> differences = new ArrayList<>(ResultCheck.annotations(eval, outcome));
      differences.addAll(
          ResultCheck.instant(eval, outcome.value(), eval.expects(TestScript.Kind.ORDERED)));
      return differences;
    } catch (ParseFailed | QueryFailed | QueryAborted | InvalidDuration e) {
      return failure(eval, e);
    }
  }

  private List<String> checkRange(TestScript.Eval eval) {
    try {
      QueryOutcome outcome = range(eval, eval.startMs(), eval.endMs(), eval.stepMs());
      if (eval.expects(TestScript.Kind.FAIL)) {
        return List.of("expected a failure, got " + outcome.value());
      }
      List<String> differences = new ArrayList<>(ResultCheck.annotations(eval, outcome));
      differences.addAll(ResultCheck.range(eval, outcome.value()));
      return differences;
    } catch (ParseFailed | QueryFailed | QueryAborted | InvalidDuration e) {
      return failure(eval, e);
    }
  }

  /** The instant as the middle of a range query. */
  private List<String> checkAround(TestScript.Eval eval) {
    if (eval.text() != null
        || eval.rangeVector() != null
        || eval.expects(TestScript.Kind.FAIL)
        || QUERY_TIMES.matcher(eval.expr()).find()) {
      return List.of();
    }
    try {
      QueryOutcome outcome = range(eval, eval.startMs() - 60_000, eval.startMs() + 60_000, 60_000);
      return eval.expects(TestScript.Kind.ORDERED)
          ? List.of()
          : ResultCheck.middle(eval, outcome.value(), eval.startMs());
    } catch (ParseFailed | QueryFailed | QueryAborted | InvalidDuration e) {
      return List.of("as a range: " + e.getMessage());
    }
  }

  private QueryOutcome range(TestScript.Eval eval, long startMs, long endMs, long stepMs)
      throws ParseFailed {
    queries++;
    return engine.range(
        tenant, eval.expr(), startMs, endMs, stepMs, QueryOptions.DEFAULT, budget());
  }

  /** By time of evaluation, the query with every selector pinned to the eval's time. */
  private static Map<Long, String> pinned(TestScript.Eval eval) {
    Map<Long, String> queries = new LinkedHashMap<>();
    if (eval.expects(TestScript.Kind.FAIL)) {
      return queries;
    }
    Expr expr;
    try {
      expr = PARSER.parse(eval.expr());
    } catch (ParseFailed e) {
      return queries;
    }
    if (dependsOnTime(expr) || QUERY_TIMES.matcher(eval.expr()).find()) {
      return queries;
    }
    String text = Printer.print(Pinning.pin(expr, eval.startMs()));
    long time = eval.startMs();
    List<Long> times =
        time == 0 ? List.of(-1000L, 0L, 1000L) : List.of(-10 * time, 0L, time / 5, time, 10 * time);
    for (long other : times) {
      queries.put(other, text);
    }
    return queries;
  }

  private static boolean dependsOnTime(Expr expr) {
    boolean[] found = new boolean[1];
    expr.forEach(node ->
        found[0] |=
            node instanceof Call call
                && StepInvariance.TIME_DEPENDENT.contains(call.function().name()));
    return found[0];
  }

  private static List<String> failure(TestScript.Eval eval, Exception failure) {
    List<TestScript.Expectation> wanted =
        eval.expectations().stream().filter(e -> e.kind() == TestScript.Kind.FAIL).toList();
    if (wanted.isEmpty()) {
      return List.of("failed: " + failure.getMessage());
    }
    String message = String.valueOf(failure.getMessage());
    return wanted.stream()
        .filter(expectation -> !expectation.fits(message))
        .map(expectation -> "expected the failure " + expectation + ", got: " + message)
        .toList();
  }

  private static QueryBudget budget() {
    return new QueryBudget(new QueryBudget.Limits(MAX_SAMPLES, 0, 0), 0);
  }

  private static TenantId nextTenant() {
    return new TenantId("script-" + TENANTS.incrementAndGet());
  }
}
