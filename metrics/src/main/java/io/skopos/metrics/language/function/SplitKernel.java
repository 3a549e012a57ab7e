// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import org.jspecify.annotations.Nullable;

/** Gives the floats and the histograms of a series to a kernel each. */
public final class SplitKernel implements RangeKernel {

  private final RangeCall call;
  private final RangeKernel floats;
  private final @Nullable RangeKernel histograms;
  private final SampleBuffer floatSamples = new SampleBuffer();
  private final SampleBuffer histogramSamples = new SampleBuffer();
  private int[] floatsBefore = new int[64];
  private Labels labels = Labels.EMPTY;

  /**
   * @param histograms null when the function is about floats only
   */
  public SplitKernel(RangeCall call, RangeKernel floats, @Nullable RangeKernel histograms) {
    this.call = call;
    this.floats = floats;
    this.histograms = histograms;
  }

  @Override
  public void series(Labels newLabels, SampleBuffer samples) {
    labels = newLabels;
    floatSamples.clear();
    histogramSamples.clear();
    if (floatsBefore.length <= samples.size) {
      floatsBefore = new int[samples.timesMs.length + 1];
    }
    for (int i = 0; i < samples.size; i++) {
      boolean isFloat = samples.histograms == null || samples.histograms[i] == null;
      floatsBefore[i] = floatSamples.size;
      SampleBuffer into = isFloat ? floatSamples : histogramSamples;
      into.ensure(1);
      into.copy(samples, i, into.size++);
    }
    floatsBefore[samples.size] = floatSamples.size;
    floatSamples.histograms = null;
    floats.series(newLabels, floatSamples);
    if (histograms != null) {
      histograms.series(newLabels, histogramSamples);
    }
  }

  @Override
  public void window(int step, int from, int to, StepRow out) {
    int floatFrom = floatsBefore[from];
    int floatTo = floatsBefore[to];
    boolean anyHistogram = floatTo - floatFrom < to - from;
    if (floatTo == floatFrom) {
      if (histograms != null) {
        histograms.window(step, from - floatFrom, to - floatTo, out);
      }
      return;
    }
    if (anyHistogram && histograms != null) {
      call.annotations().warn(AnnotationText.mixedSamples(metric()), call.position(0));
      return;
    }
    if (anyHistogram) {
      call.annotations().info(AnnotationText.ignoredInRange(metric()), call.position(0));
    }
    floats.window(step, floatFrom, floatTo, out);
  }

  private String metric() {
    return labels.getOrEmpty(Label.METRIC_NAME);
  }
}
