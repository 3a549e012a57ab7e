// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.rates;

import io.skopos.model.Labels;

/**
 * The streams of a tenant that are counted together, by what they have of the chosen labels. Of
 * each level it has a counter once there was a line.
 */
final class LineGroup {

  final Labels labels;

  /** A bit for each level that is counted here. Changed by {@link TenantLines#admit} only. */
  volatile int levels;

  // Below the tenant's lock.

  /** As of the tenant's positions: lines by level, then bytes by level. */
  long[] stored = Tally.zeros();

  /** A bit for each level that was told of. */
  int told;

  long toldLines;
  long changedMs;

  LineGroup(Labels labels, long nowMs) {
    this.labels = labels;
    this.changedMs = nowMs;
  }

  boolean has(int level) {
    return (levels >> level & 1) != 0;
  }
}
