// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language;

/**
 * What a caller may choose for one query.
 *
 * @param lookbackMs how old a sample may be to still count as the current value
 * @param perStepStats whether samples read are counted for each step
 */
public record QueryOptions(long lookbackMs, boolean perStepStats) {

  public static final long DEFAULT_LOOKBACK_MS = 5 * 60_000;
  public static final QueryOptions DEFAULT = new QueryOptions(DEFAULT_LOOKBACK_MS, false);

  public QueryOptions {
    if (lookbackMs <= 0) {
      throw new IllegalArgumentException(
          "the lookback is " + lookbackMs + " ms, it must be positive");
    }
  }
}
