// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import java.util.List;

/** A function call, arguments as written. */
public record Call(Signature function, List<Expr> arguments, PositionRange position)
    implements Expr {

  public Call {
    arguments = List.copyOf(arguments);
  }

  @Override
  public ValueType type() {
    return function.returnType();
  }

  @Override
  public List<Expr> children() {
    return arguments;
  }
}
