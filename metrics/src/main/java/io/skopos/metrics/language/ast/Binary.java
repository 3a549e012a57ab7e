// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator between two expressions.
 *
 * @param matching only between two instant vectors
 * @param returnBool a comparison that answers 0 or 1 instead of filtering
 */
public record Binary(
    BinaryOperator operator,
    Expr left,
    Expr right,
    @Nullable VectorMatching matching,
    boolean returnBool)
    implements Expr {

  @Override
  public PositionRange position() {
    return left.position().to(right.position());
  }

  @Override
  public ValueType type() {
    return left.type() == ValueType.SCALAR && right.type() == ValueType.SCALAR
        ? ValueType.SCALAR
        : ValueType.VECTOR;
  }

  @Override
  public List<Expr> children() {
    return List.of(left, right);
  }
}
