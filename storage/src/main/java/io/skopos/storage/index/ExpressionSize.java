// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import java.util.Arrays;

/**
 * Bounds the program an expression compiles to. RE2 bounds one counted repeat to 1,000, but nested
 * ones multiply: {@code ((a{1000}){1000}){1000}} would fill the heap. The estimate errs upwards.
 */
final class ExpressionSize {

  /** About what Go's regexp accepts. */
  static final long MAX_INSTRUCTIONS = 100_000;

  private static final int MAX_DEPTH = 1_000;

  private ExpressionSize() {}

  /**
   * About how many instructions the program has.
   *
   * @throws IllegalArgumentException when the program would be larger than {@link
   *     #MAX_INSTRUCTIONS}
   */
  static long check(String expression) {
    long[] groups = new long[16];
    int depth = 0;
    long atom = 0;
    for (int i = 0; i < expression.length(); i++) {
      switch (expression.charAt(i)) {
        case '\\' -> {
          i++;
          atom = 1;
          groups[depth]++;
        }
        case '[' -> {
          i = endOfClass(expression, i);
          atom = 4;
          groups[depth] += atom;
        }
        case '(' -> {
          if (++depth == MAX_DEPTH) {
            throw new IllegalArgumentException(
                "error parsing regexp: expression nests too deeply: limit " + MAX_DEPTH);
          }
          if (depth == groups.length) {
            groups = Arrays.copyOf(groups, depth * 2);
          }
          groups[depth] = 2;
        }
        case ')' -> {
          if (depth > 0) {
            atom = groups[depth--];
            groups[depth] += atom;
          }
        }
        case '{' -> {
          long repeats = repeats(expression, i);
          groups[depth] += atom * Math.max(0, repeats - 1);
          atom *= Math.max(1, repeats);
        }
        case '|', '*', '+', '?' -> groups[depth]++;
        default -> {
          atom = 1;
          groups[depth]++;
        }
      }
      if (groups[depth] > MAX_INSTRUCTIONS) {
        throw new IllegalArgumentException(
            "error parsing regexp: expression too large: more than "
                + MAX_INSTRUCTIONS
                + " instructions; repeat less");
      }
    }
    return groups[0];
  }

  /** The larger bound of {@code {n}}, {@code {n,}} or {@code {n,m}}; 1 when it is none. */
  private static long repeats(String expression, int open) {
    int close = expression.indexOf('}', open);
    if (close < 0) {
      return 1;
    }
    long largest = 1;
    for (String bound : expression.substring(open + 1, close).split(",", 2)) {
      if (!bound.isEmpty() && bound.length() <= 6 && bound.chars().allMatch(Character::isDigit)) {
        largest = Math.max(largest, Long.parseLong(bound));
      }
    }
    return largest;
  }

  private static int endOfClass(String expression, int open) {
    int i = open + 1;
    if (i < expression.length() && expression.charAt(i) == '^') {
      i++;
    }
    if (i < expression.length() && expression.charAt(i) == ']') {
      i++;
    }
    while (i < expression.length() && expression.charAt(i) != ']') {
      i += expression.charAt(i) == '\\' ? 2 : 1;
    }
    return Math.min(i, expression.length() - 1);
  }
}
