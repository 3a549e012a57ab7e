// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model;

/**
 * One condition on a label, as in {@code {job=~"api.*"}}. Plain data: the pattern is compiled,
 * bounded and anchored at both ends where it is used. A missing label has the empty value.
 */
public record Matcher(Type type, String name, String value) {

  /** The four operators of every selector language here. */
  public enum Type {
    EQUAL("="),
    NOT_EQUAL("!="),
    REGEX("=~"),
    NOT_REGEX("!~");

    private final String symbol;

    Type(String symbol) {
      this.symbol = symbol;
    }

    public String symbol() {
      return symbol;
    }
  }

  public static Matcher equal(String name, String value) {
    return new Matcher(Type.EQUAL, name, value);
  }

  @Override
  public String toString() {
    return name + type.symbol() + '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
