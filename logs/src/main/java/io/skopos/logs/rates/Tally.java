// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.rates;

import io.skopos.logs.wire.Level;

/**
 * What one shard counted of a group since the last checkpoint: lines by level, then bytes by level.
 * Below the shard's lock.
 */
final class Tally {

  static final int LEVELS = Level.values().length;

  final LineGroup group;

  /** Since the last freeze. */
  final long[] active = zeros();

  /** Before it, and not stored yet. */
  final long[] frozen = zeros();

  Tally(LineGroup group) {
    this.group = group;
  }

  static long[] zeros() {
    return new long[2 * LEVELS];
  }

  static void add(long[] more, long[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
  }

  static long lines(long[] counts) {
    long lines = 0;
    for (int level = 0; level < LEVELS; level++) {
      lines += counts[level];
    }
    return lines;
  }
}
