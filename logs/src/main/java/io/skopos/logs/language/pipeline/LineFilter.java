// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.util.List;

/**
 * {@code |= "x" or "y"} and its kin. With several operands, a positive filter keeps a line that fits
 * any of them, a negative one drops it.
 */
public final class LineFilter implements Stage {

  /** What is done with each operand. */
  public enum Operator {
    CONTAINS("|="),
    NOT_CONTAINS("!="),
    REGEX("|~"),
    NOT_REGEX("!~"),
    PATTERN("|>"),
    NOT_PATTERN("!>");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    public String symbol() {
      return symbol;
    }
  }

  /**
   * @param ip whether the text is the argument of {@code ip(...)}
   */
  public record Operand(String text, boolean ip) {}

  /**
   * @throws InvalidStage when an operand is malformed
   */
  public LineFilter(Operator operator, List<Operand> operands) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
