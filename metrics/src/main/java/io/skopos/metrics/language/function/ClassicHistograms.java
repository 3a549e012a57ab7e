// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;
import io.skopos.engine.text.StringSyntax;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The series of a vector as histograms: those that differ only in {@code le} belong together. */
final class ClassicHistograms {

  private static final String BUCKET = "le";

  private ClassicHistograms() {}

  /**
   * One histogram.
   *
   * @param labels those of its series, without {@code le}
   */
  record Histogram(Labels labels, List<Bucket> buckets) {

    /** The buckets present at a step, in order, or an empty list. */
    Buckets at(StepBlock block, int step) {
      Buckets present = new Buckets(buckets.size());
      for (Bucket bucket : buckets) {
        if (block.present(bucket.series(), step)) {
          present.add(bucket.upperBound(), block.value(bucket.series(), step));
        }
      }
      return present;
    }
  }

  /** A series of a histogram. */
  record Bucket(double upperBound, int series) {}

  /**
   * @param argument number of the vector in the call
   * @param block its floats
   */
  static List<Histogram> of(VectorCall call, int argument, StepBlock block) {
    Map<Labels, Histogram> histograms = new LinkedHashMap<>();
    for (int series = 0; series < block.size(); series++) {
      if (block.count(series) == 0) {
        continue;
      }
      Labels labels = block.labels(series);
      double upperBound = 0;
      String text = labels.getOrEmpty(BUCKET);
      try {
        upperBound = bound(text);
      } catch (NumberFormatException _) {
        warn(call, argument, labels, text);
        continue;
      }
      Labels others = labels.drop(List.of(BUCKET));
      histograms
          .computeIfAbsent(others, key -> new Histogram(key, new ArrayList<>()))
          .buckets()
          .add(new Bucket(upperBound, series));
    }
    List<Histogram> list = new ArrayList<>(histograms.values());
    for (Histogram histogram : list) {
      histogram.buckets().sort(Comparator.comparingDouble(Bucket::upperBound));
    }
    return list;
  }

  private static double bound(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "+inf", "inf", "+infinity", "infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> {
        if (text.isEmpty() || !isPlain(text)) {
          throw new NumberFormatException(text);
        }
        yield Double.parseDouble(text);
      }
    };
  }

  /** Java also reads {@code 1d}, {@code 0x1p3} and spaces around. */
  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> (c >= '0' && c <= '9') || "+-.eE".indexOf(c) >= 0);
  }

  private static void warn(VectorCall call, int argument, Labels labels, String text) {
    String metric = labels.getOrEmpty(Label.METRIC_NAME);
    call.annotations()
        .warn(
            "bucket label \"le\" is missing or has a malformed value of "
                + StringSyntax.quote(text)
                + AnnotationText.named(metric),
            call.position(argument));
  }
}
