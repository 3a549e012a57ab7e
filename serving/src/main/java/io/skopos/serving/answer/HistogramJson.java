// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.answer;

import io.skopos.engine.histogram.BucketList;
import io.skopos.model.histogram.NativeHistogram;
import java.io.IOException;

/**
 * A native histogram as Prometheus writes it: count and sum as strings, and of each populated
 * bucket which bounds belong to it, both bounds and the count.
 */
public final class HistogramJson {

  private HistogramJson() {}

  /** Time and histogram. */
  static void point(JsonText json, long timeMs, NativeHistogram histogram) throws IOException {
    json.raw('[').seconds(timeMs).raw(",{\"count\":").value(histogram.count());
    json.raw(",\"sum\":").value(histogram.sum());
    BucketList buckets = new BucketList(histogram);
    String before = ",\"buckets\":[";
    for (int bucket = 0; bucket < buckets.size(); bucket++) {
      if (buckets.count(bucket) == 0) {
        continue;
      }
      json.raw(before).raw('[').integer(buckets.inclusive(bucket).ordinal()).raw(',');
      json.value(buckets.lower(bucket)).raw(',').value(buckets.upper(bucket)).raw(',');
      json.value(buckets.count(bucket)).raw(']');
      before = ",";
    }
    json.raw(before.equals(",") ? "]" : "").raw("}]");
  }
}
