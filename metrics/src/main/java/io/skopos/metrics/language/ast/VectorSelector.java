// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import io.skopos.model.Matcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A selection of series.
 *
 * @param name the metric's name where it was written in front of or quoted inside the braces, else
 *     empty
 * @param matchers all conditions, the one on {@code __name__} that {@link #name} stands for
 *     included
 * @param offset may be negative
 * @param edge whether windows reach beyond their ends ({@code anchored}, {@code smoothed})
 * @param labelsOnly the second argument of {@code info}, which may match everything
 */
public record VectorSelector(
    String name,
    List<Matcher> matchers,
    QueryDuration offset,
    @Nullable AtModifier at,
    Edge edge,
    boolean labelsOnly,
    PositionRange position)
    implements Expr {

  /** Extended range selectors. */
  public enum Edge {
    PLAIN,
    ANCHORED,
    SMOOTHED
  }

  public VectorSelector {
    matchers = List.copyOf(matchers);
  }

  @Override
  public ValueType type() {
    return ValueType.VECTOR;
  }

  @Override
  public List<Expr> children() {
    return List.of();
  }

  public VectorSelector withOffset(QueryDuration newOffset) {
    return new VectorSelector(name, matchers, newOffset, at, edge, labelsOnly, position);
  }

  public VectorSelector withAt(@Nullable AtModifier newAt) {
    return new VectorSelector(name, matchers, offset, newAt, edge, labelsOnly, position);
  }

  public VectorSelector withEdge(Edge newEdge) {
    return new VectorSelector(name, matchers, offset, at, newEdge, labelsOnly, position);
  }

  public VectorSelector withPosition(PositionRange newPosition) {
    return new VectorSelector(name, matchers, offset, at, edge, labelsOnly, newPosition);
  }
}
