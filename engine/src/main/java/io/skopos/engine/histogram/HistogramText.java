// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import io.skopos.model.histogram.NativeHistogram;
import java.util.function.DoubleFunction;

/** A histogram in one line, as Prometheus writes it into labels. */
public final class HistogramText {

  private HistogramText() {}

  /**
   * @param number how the language writes a number
   */
  public static String of(NativeHistogram histogram, DoubleFunction<String> number) {
    StringBuilder text = new StringBuilder("{count:");
    text.append(number.apply(histogram.count()));
    text.append(", sum:").append(number.apply(histogram.sum()));
    BucketList buckets = new BucketList(histogram);
    for (int bucket = 0; bucket < buckets.size(); bucket++) {
      if (buckets.count(bucket) == 0) {
        continue;
      }
      BucketList.Inclusive inclusive = buckets.inclusive(bucket);
      boolean lower =
          inclusive == BucketList.Inclusive.LOWER || inclusive == BucketList.Inclusive.BOTH;
      boolean upper =
          inclusive == BucketList.Inclusive.UPPER || inclusive == BucketList.Inclusive.BOTH;
      text.append(", ")
          .append(lower ? '[' : '(')
          .append(number.apply(buckets.lower(bucket)))
          .append(',')
          .append(number.apply(buckets.upper(bucket)))
          .append(upper ? ']' : ')')
          .append(':')
          .append(number.apply(buckets.count(bucket)));
    }
    return text.append('}').toString();
  }
}
