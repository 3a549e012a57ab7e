// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import static java.util.Map.entry;

import io.skopos.engine.StepBlock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds a function's code by its name. Every function is in exactly one of the kinds. */
public final class FunctionLibrary {

  private static final Map<String, RangeFunction> RANGE =
      Map.ofEntries(
          entry("rate", new RateFunction(true, true)),
          entry("increase", new RateFunction(true, false)),
          entry("rate_exact", new ExactIncreaseFunction(true)),
          entry("increase_exact", new ExactIncreaseFunction(false)),
          entry("delta", new RateFunction(false, false)),
          entry("irate", new InstantRateFunction(true)),
          entry("idelta", new InstantRateFunction(false)),
          entry("changes", new TurnsFunction(false)),
          entry("resets", new TurnsFunction(true)),
          entry("deriv", new RegressionFunction(false)),
          entry("predict_linear", new RegressionFunction(true)),
          entry("double_exponential_smoothing", new SmoothingFunction()),
          entry("sum_over_time", new SumFunction(false)),
          entry("avg_over_time", new SumFunction(true)),
          entry("min_over_time", new ExtremeFunction(false, false)),
          entry("max_over_time", new ExtremeFunction(true, false)),
          entry("ts_of_min_over_time", new ExtremeFunction(false, true)),
          entry("ts_of_max_over_time", new ExtremeFunction(true, true)),
          entry("stdvar_over_time", new VarianceFunction(false)),
          entry("stddev_over_time", new VarianceFunction(true)),
          entry("quantile_over_time", new QuantileFunction()),
          entry("mad_over_time", new MedianDeviationFunction()),
          entry("first_over_time", new EndFunction(false)),
          entry("last_over_time", new EndFunction(true)),
          entry(
              "count_over_time",
              new PointFunction((times, from, to) -> to - from, PointFunction::count)),
          entry(
              "present_over_time",
              new PointFunction((times, from, to) -> 1, (samples, from, to) -> 1)),
          entry(
              "ts_of_first_over_time",
              new PointFunction(
                  (times, from, to) -> times[from] / 1000.0,
                  (samples, from, to) -> samples.firstMs[from] / 1000.0)),
          entry(
              "ts_of_last_over_time",
              new PointFunction(
                  (times, from, to) -> times[to - 1] / 1000.0,
                  (samples, from, to) -> samples.lastMs[to - 1] / 1000.0)));

  private static final Map<String, VectorFunction> VECTOR = new HashMap<>();

  static {
    VECTOR.putAll(MathFunction.ALL);
    VECTOR.putAll(CalendarFunction.ALL);
    VECTOR.put("round", new RoundFunction());
    VECTOR.put("clamp", ClampFunction.BETWEEN);
    VECTOR.put("clamp_min", ClampFunction.BELOW);
    VECTOR.put("clamp_max", ClampFunction.ABOVE);
    VECTOR.put("vector", new ScalarToVector());
    // Of a selector the evaluator tells it; what is computed has no start.
    VECTOR.put("start_timestamp", call -> StepBlock.empty(call.grid()));
    VECTOR.put("sort", new SortByValue(false));
    VECTOR.put("sort_desc", new SortByValue(true));
    VECTOR.put("sort_by_label", new SortByLabel(false));
    VECTOR.put("sort_by_label_desc", new SortByLabel(true));
    VECTOR.put("label_replace", new LabelReplace());
    VECTOR.put("label_join", new LabelJoin());
    VECTOR.put("histogram_quantile", new HistogramQuantileFunction());
    VECTOR.put("histogram_quantiles", new HistogramQuantilesFunction());
    VECTOR.put("histogram_fraction", new HistogramFractionFunction());
    VECTOR.putAll(HistogramFunction.ALL);
  }

  private static final Map<String, ScalarFunction> SCALAR =
      Map.of(
          "time",
          new StepTime(),
          "scalar",
          new VectorToScalar(),
          "pi",
          new Constant(Math.PI),
          "min_of",
          new ExtremeOfTwo(false),
          "max_of",
          new ExtremeOfTwo(true));

  private FunctionLibrary() {}

  public static @Nullable RangeFunction range(String name) {
    return RANGE.get(name);
  }

  public static @Nullable VectorFunction vector(String name) {
    return VECTOR.get(name);
  }

  public static @Nullable ScalarFunction scalar(String name) {
    return SCALAR.get(name);
  }
}
