// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

/** What is made of the entries of a window. */
public enum RangeOperator {
  COUNT_OVER_TIME("count_over_time", Unwrapped.NEVER, false),
  RATE("rate", Unwrapped.BOTH, false),
  RATE_COUNTER("rate_counter", Unwrapped.ALWAYS, false),
  BYTES_OVER_TIME("bytes_over_time", Unwrapped.NEVER, false),
  BYTES_RATE("bytes_rate", Unwrapped.NEVER, false),
  AVG_OVER_TIME("avg_over_time", Unwrapped.ALWAYS, true),
  SUM_OVER_TIME("sum_over_time", Unwrapped.ALWAYS, false),
  MIN_OVER_TIME("min_over_time", Unwrapped.ALWAYS, true),
  MAX_OVER_TIME("max_over_time", Unwrapped.ALWAYS, true),
  STDVAR_OVER_TIME("stdvar_over_time", Unwrapped.ALWAYS, true),
  STDDEV_OVER_TIME("stddev_over_time", Unwrapped.ALWAYS, true),
  QUANTILE_OVER_TIME("quantile_over_time", Unwrapped.ALWAYS, true),
  FIRST_OVER_TIME("first_over_time", Unwrapped.ALWAYS, true),
  LAST_OVER_TIME("last_over_time", Unwrapped.ALWAYS, true),
  ABSENT_OVER_TIME("absent_over_time", Unwrapped.BOTH, false);

  private enum Unwrapped {
    NEVER,
    ALWAYS,
    BOTH
  }

  private final String text;
  private final Unwrapped unwrapped;
  private final boolean groups;

  RangeOperator(String text, Unwrapped unwrapped, boolean groups) {
    this.text = text;
    this.unwrapped = unwrapped;
    this.groups = groups;
  }

  public String text() {
    return text;
  }

  /** Whether it works on values taken from labels. */
  public boolean takesUnwrapped() {
    return unwrapped != Unwrapped.NEVER;
  }

  /** Whether it works on entries as they are. */
  public boolean takesEntries() {
    return unwrapped != Unwrapped.ALWAYS;
  }

  /** Whether {@code by} and {@code without} may follow. */
  public boolean groups() {
    return groups;
  }
}
