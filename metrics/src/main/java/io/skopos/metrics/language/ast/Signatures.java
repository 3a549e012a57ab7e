// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import static io.skopos.metrics.language.ast.ValueType.MATRIX;
import static io.skopos.metrics.language.ast.ValueType.SCALAR;
import static io.skopos.metrics.language.ast.ValueType.STRING;
import static io.skopos.metrics.language.ast.ValueType.VECTOR;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every function of the language, as Prometheus 3.x knows them, and {@code increase_exact} and
 * {@code rate_exact}, which are ours.
 */
public final class Signatures {

  private static final Map<String, Signature> BY_NAME = new TreeMap<>();

  static {
    ofVectors();
    ofWindows();
    ofHistograms();
    ofTime();
    ofLabels();
  }

  private Signatures() {}

  /** Null when there is no such function. Names are told apart by case. */
  public static @Nullable Signature find(String name) {
    return BY_NAME.get(name);
  }

  /** Sorted by name. */
  public static Collection<Signature> all() {
    return Collections.unmodifiableCollection(BY_NAME.values());
  }

  private static void ofVectors() {
    for (String name :
        List.of(
            "abs",
            "absent",
            "acos",
            "acosh",
            "asin",
            "asinh",
            "atan",
            "atanh",
            "ceil",
            "cos",
            "cosh",
            "deg",
            "exp",
            "floor",
            "ln",
            "log10",
            "log2",
            "rad",
            "sgn",
            "sin",
            "sinh",
            "sort",
            "sort_desc",
            "sqrt",
            "tan",
            "tanh")) {
      stable(name, VECTOR, 0, VECTOR);
    }
    stable("clamp", VECTOR, 0, VECTOR, SCALAR, SCALAR);
    stable("clamp_max", VECTOR, 0, VECTOR, SCALAR);
    stable("clamp_min", VECTOR, 0, VECTOR, SCALAR);
    stable("round", VECTOR, 1, VECTOR, SCALAR);
    stable("scalar", SCALAR, 0, VECTOR);
    stable("vector", VECTOR, 0, SCALAR);
    stable("pi", SCALAR, 0);
    experimental("min_of", SCALAR, 0, SCALAR, SCALAR);
    experimental("max_of", SCALAR, 0, SCALAR, SCALAR);
  }

  private static void ofWindows() {
    for (String name :
        List.of(
            "absent_over_time",
            "avg_over_time",
            "changes",
            "count_over_time",
            "delta",
            "deriv",
            "idelta",
            "increase",
            "increase_exact",
            "irate",
            "last_over_time",
            "max_over_time",
            "min_over_time",
            "present_over_time",
            "rate",
            "rate_exact",
            "resets",
            "stddev_over_time",
            "stdvar_over_time",
            "sum_over_time")) {
      stable(name, VECTOR, 0, MATRIX);
    }
    stable("predict_linear", VECTOR, 0, MATRIX, SCALAR);
    stable("quantile_over_time", VECTOR, 0, SCALAR, MATRIX);
    for (String name :
        List.of(
            "first_over_time",
            "mad_over_time",
            "ts_of_first_over_time",
            "ts_of_last_over_time",
            "ts_of_max_over_time",
            "ts_of_min_over_time")) {
      experimental(name, VECTOR, 0, MATRIX);
    }
    experimental("double_exponential_smoothing", VECTOR, 0, MATRIX, SCALAR, SCALAR);
  }

  private static void ofHistograms() {
    for (String name :
        List.of(
            "histogram_avg",
            "histogram_count",
            "histogram_stddev",
            "histogram_stdvar",
            "histogram_sum")) {
      stable(name, VECTOR, 0, VECTOR);
    }
    stable("histogram_fraction", VECTOR, 0, SCALAR, SCALAR, VECTOR);
    stable("histogram_quantile", VECTOR, 0, SCALAR, VECTOR);
    experimental("histogram_quantiles", VECTOR, 9, VECTOR, STRING, SCALAR, SCALAR);
  }

  private static void ofTime() {
    for (String name :
        List.of(
            "day_of_month",
            "day_of_week",
            "day_of_year",
            "days_in_month",
            "hour",
            "minute",
            "month",
            "year")) {
      stable(name, VECTOR, 1, VECTOR);
    }
    stable("time", SCALAR, 0);
    stable("timestamp", VECTOR, 0, VECTOR);
    experimental("start_timestamp", VECTOR, 0, VECTOR);
    for (String name : List.of("start", "end", "step", "range")) {
      experimental(name, SCALAR, 0);
    }
  }

  private static void ofLabels() {
    stable("label_replace", VECTOR, 0, VECTOR, STRING, STRING, STRING, STRING);
    stable("label_join", VECTOR, -1, VECTOR, STRING, STRING, STRING);
    experimental("sort_by_label", VECTOR, -1, VECTOR, STRING);
    experimental("sort_by_label_desc", VECTOR, -1, VECTOR, STRING);
    experimental("info", VECTOR, 1, VECTOR, VECTOR);
  }

  private static void stable(String name, ValueType result, int variadic, ValueType... arguments) {
    BY_NAME.put(name, new Signature(name, List.of(arguments), variadic, result, false));
  }

  private static void experimental(
      String name, ValueType result, int variadic, ValueType... arguments) {
    BY_NAME.put(name, new Signature(name, List.of(arguments), variadic, result, true));
  }
}
