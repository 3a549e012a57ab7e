// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import io.skopos.model.histogram.NativeHistogram;

/** Observations of NaN are counted and make the sum NaN, but are in no bucket. */
public final class NanObservations {

  private NanObservations() {}

  /** Whether there are any. */
  public static boolean among(NativeHistogram histogram) {
    if (!Double.isNaN(histogram.sum())) {
      return false;
    }
    double inBuckets = histogram.zeroCount();
    for (double count : histogram.positive().counts()) {
      inBuckets += count;
    }
    for (double count : histogram.negative().counts()) {
      inBuckets += count;
    }
    return inBuckets < histogram.count();
  }
}
