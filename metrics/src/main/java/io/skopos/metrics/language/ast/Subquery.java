// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An instant vector evaluated over a window of its own.
 *
 * @param step {@link QueryDuration#isAbsent absent}: the server's default
 * @param offset may be negative
 */
public record Subquery(
    Expr expr,
    QueryDuration range,
    QueryDuration step,
    QueryDuration offset,
    @Nullable AtModifier at,
    PositionRange position)
    implements Expr {

  @Override
  public ValueType type() {
    return ValueType.MATRIX;
  }

  @Override
  public List<Expr> children() {
    return List.of(expr);
  }

  public Subquery withOffset(QueryDuration newOffset) {
    return new Subquery(expr, range, step, newOffset, at, position);
  }

  public Subquery withAt(@Nullable AtModifier newAt) {
    return new Subquery(expr, range, step, offset, newAt, position);
  }

  public Subquery withPosition(PositionRange newPosition) {
    return new Subquery(expr, range, step, offset, at, newPosition);
  }
}
