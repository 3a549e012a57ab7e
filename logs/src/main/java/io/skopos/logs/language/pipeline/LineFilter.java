// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.search.ByteSearch;
import io.skopos.logs.language.pipeline.search.LinePattern;
import io.skopos.logs.language.pipeline.search.RegexFilter;
import io.skopos.logs.language.pipeline.text.IpFilter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code |= "x" or "y"} and its kin. With several operands, a positive filter keeps a line that
 * fits any of them, a negative one drops it.
 */
public final class LineFilter implements Stage {

  /** What is done with each operand. */
  public enum Operator {
    CONTAINS("|=", false),
    NOT_CONTAINS("!=", true),
    REGEX("|~", false),
    NOT_REGEX("!~", true),
    PATTERN("|>", false),
    NOT_PATTERN("!>", true);

    private final String symbol;
    private final boolean negative;

    Operator(String symbol, boolean negative) {
      this.symbol = symbol;
      this.negative = negative;
    }

    public String symbol() {
      return symbol;
    }

    /** Whether it drops the lines that fit. */
    public boolean isNegative() {
      return negative;
    }
  }

  /**
   * @param ip whether the text is the argument of {@code ip(...)}
   */
  public record Operand(String text, boolean ip) {}

  @FunctionalInterface
  private interface Test {
    boolean fits(byte[] bytes, int from, int length);
  }

  private final Operator operator;
  private final List<Operand> operands;
  private final Test[] tests;
  private final boolean negative;

  /**
   * @throws InvalidStage when an operand is malformed
   */
  public LineFilter(Operator operator, List<Operand> operands) {
    this.operator = operator;
    this.operands = List.copyOf(operands);
    this.negative = operator.isNegative();
    try {
      this.tests = operands.stream().map(operand -> test(operator, operand)).toArray(Test[]::new);
    } catch (InvalidStage e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new InvalidStage(String.valueOf(e.getMessage()), e);
    }
  }

  private static Test test(Operator operator, Operand operand) {
    String text = operand.text();
    switch (operator) {
      case CONTAINS, NOT_CONTAINS -> {
        return operand.ip()
            ? new IpFilter(text)::matches
            : new ByteSearch(text.getBytes(StandardCharsets.UTF_8))::isIn;
      }
      case REGEX, NOT_REGEX, PATTERN, NOT_PATTERN -> {
        if (operand.ip()) {
          throw new InvalidStage("ip: invalid operation");
        }
        return operator == Operator.REGEX || operator == Operator.NOT_REGEX
            ? RegexFilter.compile(text, false)::matches
            : new LinePattern(text)::matches;
      }
    }
    throw new AssertionError(operator);
  }

  @Override
  public boolean process(EntryState state) {
    byte[] bytes = state.bytes();
    int from = state.from();
    int length = state.length();
    for (Test test : tests) {
      if (test.fits(bytes, from, length)) {
        return !negative;
      }
    }
    return negative;
  }

  /**
   * Texts of which one is, byte for byte, in every line that it keeps, for those who can skip
   * lines; empty when none are known.
   */
  public List<byte[]> anyOf() {
    if (negative) {
      return List.of();
    }
    List<byte[]> texts = new ArrayList<>();
    for (Operand operand : operands) {
      List<byte[]> required = operand.ip() ? List.of() : required(operand.text());
      if (required.isEmpty()) {
        return List.of();
      }
      texts.addAll(required);
    }
    return texts;
  }

  private List<byte[]> required(String text) {
    List<byte[]> found = new ArrayList<>();
    switch (operator) {
      case CONTAINS -> found.add(text.getBytes(StandardCharsets.UTF_8));
      case REGEX ->
          RegexFilter.compile(text, false)
              .required()
              .forEach(one -> found.add(one.getBytes(StandardCharsets.UTF_8)));
      case PATTERN -> found.add(new LinePattern(text).longestLiteral());
      case NOT_CONTAINS, NOT_REGEX, NOT_PATTERN -> {}
    }
    found.removeIf(one -> one.length == 0);
    return found;
  }
}
