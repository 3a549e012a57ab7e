// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import org.jspecify.annotations.Nullable;

/**
 * Counts the samples that steps look at, as Prometheus' query statistics do: one that lies in the
 * windows of three steps counts three times.
 */
public final class SampleCount {

  private long total;
  private final long @Nullable [] perStep;

  private SampleCount(long @Nullable [] perStep) {
    this.perStep = perStep;
  }

  public static SampleCount ofTotal() {
    return new SampleCount(null);
  }

  public static SampleCount ofSteps(int steps) {
    return new SampleCount(new long[steps]);
  }

  public void add(int step, long samples) {
    total += samples;
    if (perStep != null) {
      perStep[step] += samples;
    }
  }

  public long total() {
    return total;
  }

  public long @Nullable [] perStep() {
    return perStep;
  }
}
