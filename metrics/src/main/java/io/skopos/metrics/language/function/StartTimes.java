// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

/**
 * What the start times of two neighbouring samples tell. A start is when the counting began whose
 * state a sample is; 0 means that it is not known.
 */
final class StartTimes {

  private StartTimes() {}

  /**
   * Whether the counting began anew between two samples. A start at the very time of the sample
   * before is a delta's, unless that sample's own start is unknown: OpenTelemetry lets a cumulative
   * series whose start is unknown begin so.
   */
  static boolean isReset(long startBefore, long timeBefore, long start, long time) {
    if (start == 0 || start >= time || start < timeBefore) {
      return false;
    }
    if (start > timeBefore) {
      return true;
    }
    return startBefore != 0 && startBefore < timeBefore;
  }

  /** Whether a sample claims time that the sample before it has counted from another start. */
  static boolean overlap(long startBefore, long timeBefore, long start) {
    return start != 0 && start < timeBefore && start != startBefore;
  }
}
