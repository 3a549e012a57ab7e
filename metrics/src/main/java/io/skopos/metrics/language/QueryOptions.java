// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language;

import io.skopos.metrics.language.parse.ParserOptions;

/**
 * What a caller may choose for one query.
 *
 * @param lookbackMs how old a sample may be to still count as the current value
 * @param perStepStats whether samples are counted for each step
 * @param parser which parts of the language are switched on
 * @param delayedNameRemoval whether names that no longer fit stay until the query ends
 */
public record QueryOptions(
    long lookbackMs, boolean perStepStats, ParserOptions parser, boolean delayedNameRemoval) {

  public static final long DEFAULT_LOOKBACK_MS = 5 * 60_000;
  public static final QueryOptions DEFAULT =
      new QueryOptions(DEFAULT_LOOKBACK_MS, false, ParserOptions.ALL, true);

  public QueryOptions {
    if (lookbackMs <= 0) {
      throw new IllegalArgumentException(
          "the lookback is " + lookbackMs + " ms, it must be positive");
    }
  }
}
