// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

/** The {@code @} modifier: the time at which a selector or subquery stands still. */
public sealed interface AtModifier {

  /** Unix milliseconds. */
  record Timestamp(long millis) implements AtModifier {}

  /** {@code @ start()}: the first step of the query. */
  record Start() implements AtModifier {}

  /** {@code @ end()}: the end of the query. */
  record End() implements AtModifier {}

  /** The time meant in a query over this range, in Unix milliseconds. */
  default long millis(long queryStartMs, long queryEndMs) {
    return switch (this) {
      case Timestamp timestamp -> timestamp.millis();
      case Start() -> queryStartMs;
      case End() -> queryEndMs;
    };
  }
}
