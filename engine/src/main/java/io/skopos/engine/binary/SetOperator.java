// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.binary;

/** Operators that choose samples by the presence of a match on the other side. */
public enum SetOperator {
  AND("and"),
  OR("or"),
  UNLESS("unless");

  private final String symbol;

  SetOperator(String symbol) {
    this.symbol = symbol;
  }

  public String symbol() {
    return symbol;
  }
}
