// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

/** What an expression evaluates to. */
public enum ValueType {
  /** Nothing: the type of a function that does not exist. */
  NONE("none", "none"),
  SCALAR("scalar", "scalar"),
  STRING("string", "string"),
  /** At most one sample per series. */
  VECTOR("vector", "instant vector"),
  /** A window of samples per series. */
  MATRIX("matrix", "range vector");

  private final String symbol;
  private final String documented;

  ValueType(String symbol, String documented) {
    this.symbol = symbol;
    this.documented = documented;
  }

  /** As the HTTP API names it. */
  public String symbol() {
    return symbol;
  }

  /** As error messages name it. */
  public String documented() {
    return documented;
  }
}
