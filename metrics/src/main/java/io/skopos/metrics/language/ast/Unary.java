// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import java.util.List;

/**
 * A sign in front of a scalar or an instant vector.
 *
 * @param negative minus, else plus
 */
public record Unary(boolean negative, Expr expr, PositionRange position) implements Expr {

  @Override
  public ValueType type() {
    return expr.type();
  }

  @Override
  public List<Expr> children() {
    return List.of(expr);
  }
}
