// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.text.NumberText;
import io.skopos.engine.text.StringSyntax;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gathers, by metric, where buckets had to be mended, for one note each. */
final class ForcedMonotonicity {

  private static final String TEXT =
      "input to histogram_quantile needed to be fixed for monotonicity (see"
          + " https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)";

  private final VectorCall call;
  private final int argument;
  private final Map<String, Extent> byMetric = new LinkedHashMap<>();

  /**
   * @param argument number of the blamed argument
   */
  ForcedMonotonicity(VectorCall call, int argument) {
    this.call = call;
    this.argument = argument;
  }

  void note(Labels labels, Buckets buckets, int step) {
    if (buckets.forced()) {
      byMetric
          .computeIfAbsent(labels.getOrEmpty(Label.METRIC_NAME), name -> new Extent())
          .add(buckets, call.grid().timeMs(step));
    }
  }

  void annotate() {
    byMetric.forEach((metric, extent) ->
        call.annotations()
            .info(
                TEXT
                    + (metric.isEmpty() ? "" : " for metric name " + StringSyntax.quote(metric))
                    + extent,
                call.position(argument)));
  }

  private static final class Extent {

    private double lowest = Double.POSITIVE_INFINITY;
    private double highest = Double.NEGATIVE_INFINITY;
    private double largestFall;
    private long firstMs = Long.MAX_VALUE;
    private long lastMs = Long.MIN_VALUE;
    private int samples;

    void add(Buckets buckets, long timeMs) {
      lowest = Math.min(lowest, buckets.lowestForced());
      highest = Math.max(highest, buckets.highestForced());
      largestFall = Math.max(largestFall, buckets.largestFall());
      firstMs = Math.min(firstMs, timeMs);
      lastMs = Math.max(lastMs, timeMs);
      samples++;
    }

    @Override
    public String toString() {
      return ", from buckets "
          + NumberText.shortest(lowest)
          + " to "
          + NumberText.shortest(highest)
          + ", with a max diff of "
          + twoDigits(largestFall)
          + ", over "
          + samples
          + " samples from "
          + second(firstMs)
          + " to "
          + second(lastMs);
    }

    private static String twoDigits(double value) {
      return NumberText.shortest(
          new BigDecimal(value).round(new MathContext(2, RoundingMode.HALF_EVEN)).doubleValue());
    }

    private static String second(long timeMs) {
      return Instant.ofEpochMilli(timeMs).truncatedTo(ChronoUnit.SECONDS).toString();
    }
  }
}
