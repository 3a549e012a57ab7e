// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The tokens with one of lookahead. Also keeps what is wrong with well-formed parts: that is told
 * only when the whole text is well-formed, and then the first that remains.
 */
final class Tokens {

  /** As error messages list no more than four of what was expected. */
  private static final int MOST_EXPECTED = 4;

  private static final int MAX_DEPTH = 250;

  private final Lexer lexer;
  private final List<String> problems = new ArrayList<>();
  private Token ahead;
  private int depth;
  private int taken;

  Tokens(String text) throws ParseFailed {
    lexer = new Lexer(text);
    ahead = lexer.next();
  }

  Token peek() {
    return ahead;
  }

  TokenType type() {
    return ahead.type();
  }

  boolean at(TokenType type) {
    return ahead.type() == type;
  }

  Token take() throws ParseFailed {
    Token token = ahead;
    if (token.type() != TokenType.END) {
      taken++;
      ahead = lexer.next();
    }
    return token;
  }

  /** How many tokens have been taken. */
  int taken() {
    return taken;
  }

  boolean accept(TokenType type) throws ParseFailed {
    if (at(type)) {
      take();
      return true;
    }
    return false;
  }

  Token expect(TokenType type) throws ParseFailed {
    if (!at(type)) {
      throw unexpected(type);
    }
    return take();
  }

  /**
   * @param expected everything that could have come; may be left out where it is more than four
   */
  ParseFailed unexpected(TokenType... expected) {
    String listed = "";
    if (expected.length > 0 && expected.length <= MOST_EXPECTED) {
      listed =
          EnumSet.copyOf(Arrays.asList(expected)).stream()
              .map(TokenType::describe)
              .collect(Collectors.joining(" or ", ", expecting ", ""));
    }
    return new ParseFailed(
        "syntax error: unexpected " + ahead.type().describe() + listed,
        ahead.line(),
        ahead.column());
  }

  /** Goes one level down; a limit of ours. */
  void enter() throws ParseFailed {
    if (++depth > MAX_DEPTH) {
      throw new ParseFailed(
          "the query is nested more than " + MAX_DEPTH + " levels deep",
          ahead.line(),
          ahead.column());
    }
  }

  void leave() {
    depth--;
  }

  /** To be given to {@link #problem} by the part that begins here. */
  int problems() {
    return problems.size();
  }

  /**
   * The part that just ended makes no sense; what was found within it does not matter any more.
   *
   * @param before how many problems there were when the part began
   */
  void problem(int before, String problem) {
    problems.subList(before, problems.size()).clear();
    problems.add(problem);
  }

  /**
   * @throws ParseFailed when some part made no sense
   */
  void end() throws ParseFailed {
    if (!at(TokenType.END)) {
      throw unexpected();
    }
    if (!problems.isEmpty()) {
      throw new ParseFailed(problems.getFirst());
    }
  }
}
