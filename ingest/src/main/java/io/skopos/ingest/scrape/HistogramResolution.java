// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.ingest.scrape.config.ScrapeLimits;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import java.util.Arrays;

/**
 * Holds native histograms to a scrape config's limits by joining neighbouring buckets: first so
 * that buckets grow by the least factor asked for, then so that there are no more than the limit.
 */
final class HistogramResolution {

  private final int maxBuckets;
  private final int maxSchema;

  HistogramResolution(ScrapeLimits limits) {
    this.maxBuckets = limits.histogramBuckets();
    this.maxSchema = schema(limits.histogramFactor());
  }

  /** The finest schema whose buckets grow by at least that factor. */
  static int schema(double factor) {
    if (factor <= 1) {
      return NativeHistogram.MAX_SCHEMA;
    }
    double log2 = Math.log(factor) / Math.log(2);
    double schema = Math.floor(-Math.log(log2) / Math.log(2));
    return (int) Math.clamp(schema, NativeHistogram.MIN_SCHEMA, NativeHistogram.MAX_SCHEMA);
  }

  /**
   * @throws SeriesMapping.Refused when no resolution is low enough
   */
  NativeHistogram fit(NativeHistogram histogram) {
    NativeHistogram fitting = histogram;
    if (!histogram.hasCustomBuckets() && histogram.schema() > maxSchema) {
      fitting = reduced(histogram, histogram.schema() - maxSchema);
    }
    while (maxBuckets > 0 && fitting.positive().size() + fitting.negative().size() > maxBuckets) {
      if (fitting.hasCustomBuckets() || fitting.schema() <= NativeHistogram.MIN_SCHEMA) {
        throw new SeriesMapping.Refused(
            "native_histogram_bucket_limit exceeded: a native histogram has "
                + (fitting.positive().size() + fitting.negative().size())
                + " buckets at its lowest resolution, the limit is "
                + maxBuckets);
      }
      fitting = reduced(fitting, 1);
    }
    return fitting;
  }

  private static NativeHistogram reduced(NativeHistogram histogram, int steps) {
    return new NativeHistogram(
        histogram.schema() - steps,
        histogram.integer(),
        histogram.resetHint(),
        histogram.zeroThreshold(),
        histogram.zeroCount(),
        histogram.count(),
        histogram.sum(),
        reduced(histogram.positive(), steps),
        reduced(histogram.negative(), steps),
        histogram.customValues());
  }

  /** Each step joins the buckets 2n-1 and 2n into n. */
  static Buckets reduced(Buckets buckets, int steps) {
    int[] spans = buckets.spans();
    double[] counts = buckets.counts();
    int[] newSpans = new int[counts.length * 2];
    double[] newCounts = new double[counts.length];
    int spanCount = 0;
    int size = 0;
    int lastIndex = 0;
    int index = 0;
    int read = 0;
    for (int span = 0; span < spans.length; span += 2) {
      index += spans[span];
      for (int i = 0; i < spans[span + 1]; i++, index++, read++) {
        int target = ((index - 1) >> steps) + 1;
        if (size > 0 && target == lastIndex) {
          newCounts[size - 1] += counts[read];
          continue;
        }
        if (size > 0 && target == lastIndex + 1) {
          newSpans[spanCount - 1]++;
        } else {
          newSpans[spanCount] = size == 0 ? target : target - lastIndex - 1;
          newSpans[spanCount + 1] = 1;
          spanCount += 2;
        }
        newCounts[size++] = counts[read];
        lastIndex = target;
      }
    }
    return new Buckets(Arrays.copyOf(newSpans, spanCount), Arrays.copyOf(newCounts, size));
  }
}
