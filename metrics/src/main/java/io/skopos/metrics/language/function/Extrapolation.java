// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

/**
 * How far the samples of a window speak for all of it. Ends further away than a sample might be
 * late are not reached: the series began or ended inside, on average half a spacing away. A series
 * known to have begun inside counts from there.
 */
final class Extrapolation {

  private double sampled;
  private double toStart;
  private double toEnd;
  private final double spacing;
  private final long startMs;
  private final long firstMs;
  private final long lastMs;

  /**
   * @param startMs of the window, excluded
   * @param endMs of the window
   * @param firstMs time of the first sample in it
   * @param lastMs time of the last one
   * @param gaps samples less one
   */
  Extrapolation(long startMs, long endMs, long firstMs, long lastMs, int gaps) {
    this.startMs = startMs;
    this.firstMs = firstMs;
    this.lastMs = lastMs;
    sampled = (lastMs - firstMs) / 1000.0;
    spacing = gaps == 0 ? 0 : sampled / gaps;
    toStart = reached((firstMs - startMs) / 1000.0);
    toEnd = reached((endMs - lastMs) / 1000.0);
  }

  private double reached(double distance) {
    return distance >= spacing * 1.1 ? spacing / 2 : distance;
  }

  /** Whether a first sample's start lies in the window, before it. */
  boolean beginsInside(long beginMs) {
    return beginMs != 0 && beginMs > startMs && beginMs < firstMs;
  }

  /** The series was at zero then, inside the window. */
  void beginAt(long beginMs) {
    toStart = 0;
    sampled = (lastMs - beginMs) / 1000.0;
  }

  /** Going back in time a counter cannot fall below zero. */
  void notBelowZero(double first, double difference) {
    if (difference > 0 && first >= 0) {
      toStart = Math.min(toStart, sampled * (first / difference));
    }
  }

  /** What a difference is multiplied by. */
  double factor(boolean perSecond, long rangeMs) {
    double factor = sampled == 0 ? 1 : (sampled + toStart + toEnd) / sampled;
    return perSecond ? factor / (rangeMs / 1000.0) : factor;
  }
}
