// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An aggregation of an instant vector.
 *
 * @param parameter of operators that have one ({@code topk(5, x)})
 * @param grouping labels of {@code by} or {@code without}, as written
 * @param without whether the grouping names the labels to remove rather than to keep
 */
public record Aggregate(
    AggregateOperator operator,
    Expr expr,
    @Nullable Expr parameter,
    List<String> grouping,
    boolean without,
    PositionRange position)
    implements Expr {

  public Aggregate {
    grouping = List.copyOf(grouping);
  }

  @Override
  public ValueType type() {
    return ValueType.VECTOR;
  }

  @Override
  public List<Expr> children() {
    return parameter == null ? List.of(expr) : List.of(parameter, expr);
  }
}
