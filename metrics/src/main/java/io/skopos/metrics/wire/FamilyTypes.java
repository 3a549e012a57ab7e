// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

/** The types of metric families, numbered alike in both versions of remote write. */
final class FamilyTypes {

  private static final String[] NAMES = {
    "unknown", "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset"
  };

  private FamilyTypes() {}

  static String name(long number) {
    return number >= 0 && number < NAMES.length ? NAMES[(int) number] : NAMES[0];
  }

  /** The family that a series belongs to: classic histograms and summaries fall into several. */
  static String family(String metric, String type) {
    return switch (type) {
      case "histogram", "gaugehistogram" -> without(metric, "_bucket", "_count", "_sum");
      case "summary" -> without(metric, "_count", "_sum");
      default -> metric;
    };
  }

  private static String without(String metric, String... suffixes) {
    for (String suffix : suffixes) {
      if (metric.endsWith(suffix) && metric.length() > suffix.length()) {
        return metric.substring(0, metric.length() - suffix.length());
      }
    }
    return metric;
  }
}
