// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.conformance;

import io.skopos.engine.histogram.HistogramSum;
import io.skopos.engine.text.NumberText;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A native histogram as scripts write it.
 *
 * @param hintNamed whether it says anything on counter resets
 */
record HistogramLiteral(NativeHistogram histogram, boolean hintNamed) {

  private static final Pattern FIELD = Pattern.compile("(\\w+):(\\[[^\\]]*]|\\S+)");

  /** The inside of {@code {{...}}}. */
  static HistogramLiteral parse(String inside) {
    int schema = 0;
    double sum = 0;
    double count = 0;
    double zeroCount = 0;
    double zeroThreshold = 0;
    double[] positive = {};
    double[] negative = {};
    double[] customValues = NativeHistogram.NO_CUSTOM_VALUES;
    int offset = 0;
    int negativeOffset = 0;
    ResetHint hint = ResetHint.UNKNOWN;
    boolean hintNamed = false;
    Matcher fields = FIELD.matcher(inside);
    while (fields.find()) {
      String value = fields.group(2);
      switch (fields.group(1)) {
        case "schema" -> schema = Integer.parseInt(value);
        case "sum" -> sum = SeriesLine.number(value);
        case "count" -> count = SeriesLine.number(value);
        case "z_bucket" -> zeroCount = SeriesLine.number(value);
        case "z_bucket_w" -> zeroThreshold = SeriesLine.number(value);
        case "buckets" -> positive = numbers(value);
        case "offset" -> offset = Integer.parseInt(value);
        case "n_buckets" -> negative = numbers(value);
        case "n_offset" -> negativeOffset = Integer.parseInt(value);
        case "custom_values" -> customValues = numbers(value);
        case "counter_reset_hint" -> {
          hintNamed = true;
          hint =
              switch (value) {
                case "gauge" -> ResetHint.GAUGE;
                case "reset" -> ResetHint.RESET;
                case "not_reset" -> ResetHint.NO_RESET;
                case "unknown" -> ResetHint.UNKNOWN;
                default -> throw new IllegalArgumentException(value);
              };
        }
        default -> throw new IllegalArgumentException(fields.group());
      }
    }
    NativeHistogram histogram =
        new NativeHistogram(
            schema,
            false,
            hint,
            zeroThreshold,
            zeroCount,
            count,
            sum,
            buckets(offset, positive),
            buckets(negativeOffset, negative),
            customValues);
    return new HistogramLiteral(histogram, hintNamed);
  }

  private static Buckets buckets(int offset, double[] counts) {
    return counts.length == 0
        ? Buckets.NONE
        : new Buckets(new int[] {offset, counts.length}, counts);
  }

  private static double[] numbers(String list) {
    String inside = list.substring(1, list.length() - 1).strip();
    return inside.isEmpty()
        ? new double[0]
        : Arrays.stream(inside.split("\\s+")).mapToDouble(SeriesLine::number).toArray();
  }

  /** One that is so much more, or less. */
  HistogramLiteral plus(HistogramLiteral increment, boolean subtract) {
    HistogramSum sum = HistogramSum.of(histogram);
    if (subtract) {
      sum.subtract(increment.histogram);
    } else {
      sum.add(increment.histogram);
    }
    return new HistogramLiteral(sum.toHistogram(), hintNamed);
  }

  /** Whether an answer is this one, as near as numbers must be. */
  boolean fits(NativeHistogram actual) {
    NativeHistogram expected = compact(histogram);
    NativeHistogram answer = compact(actual);
    return expected.schema() == answer.schema()
        && ResultCheck.near(expected.count(), answer.count())
        && ResultCheck.near(expected.sum(), answer.sum())
        && ResultCheck.near(expected.zeroThreshold(), answer.zeroThreshold())
        && ResultCheck.near(expected.zeroCount(), answer.zeroCount())
        && fits(expected.positive(), answer.positive())
        && fits(expected.negative(), answer.negative())
        && Arrays.equals(expected.customValues(), answer.customValues())
        && (!hintNamed || expected.resetHint() == answer.resetHint());
  }

  private static boolean fits(Buckets expected, Buckets actual) {
    if (!Arrays.equals(expected.spans(), actual.spans())) {
      return false;
    }
    for (int i = 0; i < expected.size(); i++) {
      if (!ResultCheck.near(expected.counts()[i], actual.counts()[i])) {
        return false;
      }
    }
    return true;
  }

  private static NativeHistogram compact(NativeHistogram histogram) {
    return HistogramSum.of(histogram).toHistogram();
  }

  @Override
  public String toString() {
    return text(histogram);
  }

  static String text(NativeHistogram h) {
    NativeHistogram compact = compact(h);
    StringBuilder text = new StringBuilder("{{schema:").append(compact.schema());
    text.append(" count:").append(NumberText.shortest(compact.count()));
    text.append(" sum:").append(NumberText.shortest(compact.sum()));
    text.append(" z_bucket:").append(compact.zeroCount());
    text.append(" z_bucket_w:").append(compact.zeroThreshold());
    text.append(" +").append(Arrays.toString(compact.positive().spans()));
    text.append(Arrays.toString(compact.positive().counts()));
    text.append(" -").append(Arrays.toString(compact.negative().spans()));
    text.append(Arrays.toString(compact.negative().counts()));
    text.append(" custom:").append(Arrays.toString(compact.customValues()));
    return text.append(' ').append(h.resetHint()).append("}}").toString();
  }
}
