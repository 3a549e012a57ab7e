// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import io.skopos.model.histogram.NativeHistogram;

/** Where buckets end. Bounds of exponential buckets are those of the side above zero. */
public final class BucketBounds {

  private static final double[][] FRACTIONS = new double[NativeHistogram.MAX_SCHEMA + 1][];

  static {
    for (int schema = 0; schema < FRACTIONS.length; schema++) {
      FRACTIONS[schema] = new double[1 << schema];
      for (int i = 0; i < FRACTIONS[schema].length; i++) {
        FRACTIONS[schema][i] = StrictMath.pow(2, (double) i / FRACTIONS[schema].length - 1);
      }
    }
  }

  private BucketBounds() {}

  /**
   * The upper bound of an exponential bucket. The last one before infinity ends at the largest
   * number, so that only infinite observations are beyond.
   */
  public static double exponential(int schema, int index) {
    if (schema <= 0) {
      long exponent = (long) index << -schema;
      if (exponent == 1024) {
        return Double.MAX_VALUE;
      }
      return Math.scalb(1.0, (int) Math.clamp(exponent, -2000L, 2000L));
    }
    double fraction = FRACTIONS[schema][index & ((1 << schema) - 1)];
    int exponent = (index >> schema) + 1;
    if (fraction == 0.5 && exponent == 1025) {
      return Double.MAX_VALUE;
    }
    return Math.scalb(fraction, exponent);
  }

  /** The upper bound of a bucket with custom bounds. */
  public static double custom(double[] bounds, int index) {
    return index < 0
        ? Double.NEGATIVE_INFINITY
        : index < bounds.length ? bounds[index] : Double.POSITIVE_INFINITY;
  }

  /** The bounds both have, ascending. */
  static double[] common(double[] left, double[] right) {
    double[] common = new double[Math.min(left.length, right.length)];
    int size = 0;
    int i = 0;
    int j = 0;
    while (i < left.length && j < right.length) {
      if (left[i] == right[j]) {
        common[size++] = left[i];
        i++;
        j++;
      } else if (left[i] < right[j]) {
        i++;
      } else {
        j++;
      }
    }
    return java.util.Arrays.copyOf(common, size);
  }
}
