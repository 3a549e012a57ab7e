// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

/**
 * The cumulative buckets of one histogram at one time, by ascending upper bound. {@link #quantile}
 * first mends counts that fall from one bucket to the next; {@link #forced} tells what it had to
 * do.
 */
final class Buckets {

  /** Counts that differ by less, relatively, are equal: rates of the same counters round apart. */
  private static final double TOLERANCE = 1e-12;

  private final double[] bounds;
  private final double[] counts;
  private int size;
  private boolean forced;
  private double lowestForced = Double.POSITIVE_INFINITY;
  private double highestForced = Double.NEGATIVE_INFINITY;
  private double largestFall;

  Buckets(int capacity) {
    bounds = new double[capacity];
    counts = new double[capacity];
  }

  /** Bounds must ascend; equal ones become one bucket. */
  void add(double upperBound, double count) {
    if (size > 0 && bounds[size - 1] == upperBound) {
      counts[size - 1] += count;
      return;
    }
    bounds[size] = upperBound;
    counts[size++] = count;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Interpolated inside the bucket; its upper bound where that cannot be done. */
  double quantile(double quantile) {
    if (Double.isNaN(quantile)) {
      return Double.NaN;
    }
    if (quantile < 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (quantile > 1) {
      return Double.POSITIVE_INFINITY;
    }
    if (bounds[size - 1] != Double.POSITIVE_INFINITY) {
      return Double.NaN;
    }
    makeMonotonic();
    if (size < 2 || counts[size - 1] == 0 || Double.isNaN(counts[size - 1])) {
      return Double.NaN;
    }
    double rank = quantile * counts[size - 1];
    int bucket = 0;
    while (bucket < size - 1 && !(counts[bucket] >= rank)) {
      bucket++;
    }
    if (bucket == size - 1) {
      return bounds[size - 2];
    }
    if (bucket == 0 && bounds[0] <= 0) {
      return bounds[0];
    }
    double start = bucket == 0 ? 0 : bounds[bucket - 1];
    double before = bucket == 0 ? 0 : counts[bucket - 1];
    return start + (bounds[bucket] - start) * ((rank - before) / (counts[bucket] - before));
  }

  private void makeMonotonic() {
    double previous = counts[0];
    for (int i = 1; i < size; i++) {
      double count = counts[i];
      if (count == previous) {
        continue;
      }
      if (nearlyEqual(previous, count)) {
        counts[i] = previous;
      } else if (count < previous) {
        forced = true;
        lowestForced = Math.min(lowestForced, bounds[i]);
        highestForced = Math.max(highestForced, bounds[i]);
        largestFall = Math.max(largestFall, previous - count);
        counts[i] = previous;
      } else {
        previous = count;
      }
    }
  }

  private static boolean nearlyEqual(double a, double b) {
    double difference = Math.abs(a - b);
    double size = Math.abs(a) + Math.abs(b);
    if (a == 0 || b == 0 || size < Double.MIN_NORMAL) {
      return difference < TOLERANCE * Double.MIN_NORMAL;
    }
    return difference / Math.min(size, Double.MAX_VALUE) < TOLERANCE;
  }

  /** The share of observations between two values, interpolated. */
  double fraction(double lower, double upper) {
    double total = counts[size - 1];
    if (bounds[size - 1] != Double.POSITIVE_INFINITY
        || total == 0
        || Double.isNaN(lower)
        || Double.isNaN(upper)) {
      return Double.NaN;
    }
    if (lower >= upper) {
      return 0;
    }
    return (rank(upper, total) - rank(lower, total)) / total;
  }

  /** How many observations are below a value. */
  private double rank(double value, double total) {
    double below = 0;
    double start = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      if (i == 0 && bounds[0] > 0) {
        start = 0;
      }
      if (start >= value) {
        return Math.min(below, total);
      }
      if (bounds[i] > value) {
        double rank;
        if (start == Double.NEGATIVE_INFINITY) {
          rank = counts[i];
        } else if (bounds[i] == Double.POSITIVE_INFINITY) {
          rank = below;
        } else {
          rank = below + (counts[i] - below) * (value - start) / (bounds[i] - start);
        }
        return Math.min(rank, total);
      }
      below = counts[i];
      start = bounds[i];
    }
    return total;
  }

  /** Whether counts had to be raised. */
  boolean forced() {
    return forced;
  }

  double lowestForced() {
    return lowestForced;
  }

  double highestForced() {
    return highestForced;
  }

  double largestFall() {
    return largestFall;
  }
}
