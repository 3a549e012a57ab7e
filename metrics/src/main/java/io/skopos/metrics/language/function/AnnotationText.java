// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.text.StringSyntax;

/** Warnings and notes in Prometheus' words, where several functions and operators share them. */
public final class AnnotationText {

  private AnnotationText() {}

  /** Warning: a range has both kinds of samples. */
  public static String mixedSamples(String metric) {
    return "encountered a mix of histograms and floats for metric name "
        + StringSyntax.quote(metric);
  }

  /** Warning: a group has both kinds of samples. */
  public static String mixedGroup() {
    return "encountered a mix of histograms and floats for aggregation";
  }

  /** Warning: exponential and custom buckets met. */
  public static String mixedBuckets(String metric) {
    return "vector contains a mix of histograms with exponential and custom buckets schemas for"
        + " metric name "
        + StringSyntax.quote(metric);
  }

  /** Warning: a function of classic and native histograms got both of one metric. */
  public static String mixedHistograms(String metric) {
    return "vector contains a mix of classic and native histograms" + named(metric);
  }

  /** Warning: a gauge histogram was given to a function of counters. */
  public static String notCounter(String metric) {
    return "this native histogram metric is not a counter: " + StringSyntax.quote(metric);
  }

  /** Warning: a counter histogram was given to a function of gauges. */
  public static String notGauge(String metric) {
    return "this native histogram metric is not a gauge: " + StringSyntax.quote(metric);
  }

  /** Warning: hints on counter resets contradict each other. */
  public static String resetsConflict(Operation operation) {
    return "conflicting counter resets during histogram " + operation.text;
  }

  /** Note: custom bounds differed. */
  public static String boundsReconciled(Operation operation) {
    return "mismatched custom buckets were reconciled during " + operation.text;
  }

  /** Note: a function of floats got histograms too. */
  public static String ignoredInRange(String metric) {
    return "ignored histograms in a range containing both floats and histograms for metric name "
        + StringSyntax.quote(metric);
  }

  /** Note: an aggregation of floats got histograms too. */
  public static String ignoredInGroup(String aggregation) {
    return "ignored histogram in " + aggregation + " aggregation";
  }

  /** Warning: a sample's counting began before the sample before it ended another one. */
  public static String startsOverlap(String metric) {
    return "sample has start time that overlaps with previous sample timestamp for metric "
        + StringSyntax.quote(metric);
  }

  /** The end of texts that name a metric if it has a name. */
  static String named(String metric) {
    return metric.isEmpty() ? "" : " for metric name " + StringSyntax.quote(metric);
  }

  /** What was being computed from histograms. */
  public enum Operation {
    ADDITION("addition"),
    SUBTRACTION("subtraction"),
    AGGREGATION("aggregation");

    private final String text;

    Operation(String text) {
      this.text = text;
    }
  }
}
