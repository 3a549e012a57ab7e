// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.model.Labels;

/** OpenMetrics' rules for one point of a histogram or gauge histogram. */
final class HistogramRules {

  private double bound = Double.NaN;
  private double cumulative;
  private double count = Double.NaN;
  private boolean any;
  private boolean negativeBuckets;
  private boolean sum;
  private boolean gaugeSum;
  private boolean negativeGaugeSum;

  void sample(Cursor cursor, String suffix, Labels labels, double value)
      throws ExpositionException {
    any = true;
    switch (suffix) {
      case "_bucket" -> {
        double next = DecimalNumber.parse(labels.getOrEmpty("le"));
        if (next <= bound) {
          throw cursor.failure("the bucket le=\"" + next + "\" comes after le=\"" + bound + '"');
        }
        if (value < cumulative) {
          throw cursor.failure(
              "the bucket le=\""
                  + next
                  + "\" holds less than the one before: "
                  + value
                  + " < "
                  + cumulative);
        }
        negativeBuckets |= next < 0;
        bound = next;
        cumulative = value;
      }
      case "_count", "_gcount" -> count = value;
      case "_sum" -> sum = true;
      case "_gsum" -> {
        gaugeSum = true;
        negativeGaugeSum = value < 0;
      }
      default -> any = true;
    }
  }

  void end(Cursor cursor, String name) throws ExpositionException {
    if (!any) {
      return;
    }
    boolean counted = !Double.isNaN(count);
    if (bound != Double.POSITIVE_INFINITY) {
      throw cursor.failure("'" + name + "' has no bucket le=\"+Inf\"");
    }
    if (counted && count != cumulative) {
      throw cursor.failure(
          "the count of '"
              + name
              + "' is "
              + count
              + ", its bucket le=\"+Inf\" holds "
              + cumulative);
    }
    if ((sum || gaugeSum) != counted) {
      throw cursor.failure(
          "'" + name + "' has a " + (counted ? "count without a sum" : "sum without a count"));
    }
    if (negativeBuckets && sum) {
      throw cursor.failure("'" + name + "' has negative buckets, so it cannot have a _sum");
    }
    if (!negativeBuckets && negativeGaugeSum) {
      throw cursor.failure("'" + name + "' has a negative _gsum but no negative bucket");
    }
  }
}
