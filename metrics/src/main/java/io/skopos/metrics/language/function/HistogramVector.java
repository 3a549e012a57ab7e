// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A vector as histograms, classic ones (series per bucket) and native ones. Where both have the
 * same labels at a step neither counts, since nothing tells which is meant.
 */
final class HistogramVector {

  /** What is done with them, histogram by histogram. */
  interface Visitor {

    /** A histogram's steps begin. */
    void begin(Labels labels);

    void classic(int step, Buckets buckets);

    void nativeHistogram(int step, NativeHistogram histogram);
  }

  private final VectorCall call;
  private final int argument;
  private final StepBlock block;
  private final StepBlock floats;
  private final List<ClassicHistograms.Histogram> classic;
  private final Map<Labels, Integer> nativeSeries = new HashMap<>();
  private final Map<Labels, ClassicHistograms.Histogram> rivals = new HashMap<>();

  /**
   * @param argument number of the vector in the call
   */
  HistogramVector(VectorCall call, int argument) {
    this.call = call;
    this.argument = argument;
    block = call.vector(argument);
    floats = block.floats();
    classic = ClassicHistograms.of(call, argument, floats);
    if (block.hasHistograms()) {
      for (int series = 0; series < block.size(); series++) {
        if (block.count(series) > floats.count(series)) {
          nativeSeries.put(block.labels(series), series);
        }
      }
      for (ClassicHistograms.Histogram histogram : classic) {
        if (nativeSeries.containsKey(histogram.labels())) {
          rivals.put(histogram.labels(), histogram);
        }
      }
    }
  }

  void forEach(Visitor visitor) {
    for (int series = 0; block.hasHistograms() && series < block.size(); series++) {
      if (block.count(series) > floats.count(series)) {
        call.budget().checkRunning();
        visitNative(series, visitor);
      }
    }
    for (ClassicHistograms.Histogram histogram : classic) {
      call.budget().checkRunning();
      visitor.begin(histogram.labels());
      Integer rival = nativeSeries.get(histogram.labels());
      for (int step = 0; step < block.steps(); step++) {
        if (rival == null || histogramAt(rival, step) == null) {
          Buckets buckets = histogram.at(floats, step);
          if (!buckets.isEmpty()) {
            visitor.classic(step, buckets);
          }
        }
      }
    }
  }

  private void visitNative(int series, Visitor visitor) {
    Labels labels = block.labels(series);
    ClassicHistograms.Histogram rival = rivals.get(labels);
    visitor.begin(labels);
    for (int step = 0; step < block.steps(); step++) {
      NativeHistogram histogram = histogramAt(series, step);
      if (histogram == null) {
        continue;
      }
      if (rival == null || rival.at(floats, step).isEmpty()) {
        visitor.nativeHistogram(step, histogram);
      } else {
        call.annotations()
            .warn(
                AnnotationText.mixedHistograms(labels.getOrEmpty(Label.METRIC_NAME)),
                call.position(argument));
      }
    }
  }

  private @Nullable NativeHistogram histogramAt(int series, int step) {
    return block.present(series, step) ? block.histogram(series, step) : null;
  }
}
