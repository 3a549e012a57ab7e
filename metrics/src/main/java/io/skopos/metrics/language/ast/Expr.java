// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import java.util.List;
import java.util.function.Consumer;

/** A node of the syntax tree. Every implementation is an immutable record. */
public sealed interface Expr
    permits Aggregate,
        Binary,
        Call,
        MatrixSelector,
        NumberLiteral,
        Paren,
        StringLiteral,
        Subquery,
        Unary,
        VectorSelector {

  /** Where it stands in the query text. */
  PositionRange position();

  ValueType type();

  /** The expressions directly inside, in the order of the text. */
  List<Expr> children();

  /** Visits this node, then everything inside it, depth first. */
  default void forEach(Consumer<Expr> visitor) {
    visitor.accept(this);
    for (Expr child : children()) {
      child.forEach(visitor);
    }
  }

  /** The expression inside any number of parentheses around it. */
  default Expr unwrapped() {
    Expr inner = this;
    while (inner instanceof Paren paren) {
      inner = paren.expr();
    }
    return inner;
  }
}
