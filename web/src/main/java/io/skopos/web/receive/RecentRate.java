// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.receive;

/** A count, and its rate over the last minute in steps of five seconds. Not thread-safe. */
final class RecentRate {

  private static final int STEPS = 12;
  private static final long STEP_MS = 5000;

  private final long[] counts = new long[STEPS];
  private long latestStep = Long.MIN_VALUE;
  private long total;

  void add(long count, long nowMs) {
    advance(nowMs / STEP_MS);
    counts[(int) Math.floorMod(latestStep, (long) STEPS)] += count;
    total += count;
  }

  long total() {
    return total;
  }

  double perSecond(long nowMs) {
    advance(nowMs / STEP_MS);
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum / (STEPS * STEP_MS / 1000.0);
  }

  /** A clock set back counts into the latest step. */
  private void advance(long step) {
    if (step <= latestStep) {
      return;
    }
    long cleared = latestStep == Long.MIN_VALUE ? STEPS : Math.min(STEPS, step - latestStep);
    for (long i = 0; i < cleared; i++) {
      counts[(int) Math.floorMod(step - i, (long) STEPS)] = 0;
    }
    latestStep = step;
  }
}
