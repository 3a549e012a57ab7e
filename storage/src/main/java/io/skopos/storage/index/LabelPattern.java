// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

/** A compiled regular expression of a matcher: RE2 syntax, anchored at both ends. */
public final class LabelPattern {

  private final String source;

  private LabelPattern(String source) {
    this.source = source;
  }

  /**
   * @throws IllegalArgumentException with RE2's message when the expression is malformed or larger
   *     than the limit
   */
  public static LabelPattern compile(String expression) {
    return new LabelPattern(expression);
  }

  public boolean matches(byte[] value, int offset, int length) {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public String toString() {
    return source;
  }
}
