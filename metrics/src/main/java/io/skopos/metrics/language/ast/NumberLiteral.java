// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import java.util.List;

/**
 * A number, or a duration used as one: seconds.
 *
 * @param duration whether it was written as a duration ({@code 5m}), and is printed as one
 */
public record NumberLiteral(double value, boolean duration, PositionRange position)
    implements Expr {

  @Override
  public ValueType type() {
    return ValueType.SCALAR;
  }

  @Override
  public List<Expr> children() {
    return List.of();
  }
}
