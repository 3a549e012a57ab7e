// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import org.jspecify.annotations.Nullable;

/**
 * A length of time in a query: a range, an offset, a subquery's step. Where it was written as an
 * expression, {@link #millis} means nothing until {@link DurationResolution} has computed it.
 *
 * @param expression kept for printing when the text was more than one literal
 */
public record QueryDuration(long millis, @Nullable DurationExpr expression) {

  public static final QueryDuration ZERO = new QueryDuration(0, null);

  public static QueryDuration ofMillis(long millis) {
    return millis == 0 ? ZERO : new QueryDuration(millis, null);
  }

  /** Whether the query text says nothing here. */
  public boolean isAbsent() {
    return millis == 0 && expression == null;
  }
}
