// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a value is within JSON: {@code response.headers["X-Id"][0]}. */
public final class JsonPath {

  /**
   * @param name of a field; null when it is a place in an array
   */
  public record Step(@Nullable String name, int index) {}

  private JsonPath() {}

  /**
   * @throws IllegalArgumentException when it is malformed
   */
  public static List<Step> parse(String text) {
    List<Step> steps = new ArrayList<>();
    int at = skipSpaces(text, 0);
    boolean field = true;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '[') {
        at = bracket(text, skipSpaces(text, at + 1), steps);
        field = false;
      } else if (c == '.' && !steps.isEmpty() && !field) {
        field = true;
        at++;
        if (skipSpaces(text, at) == text.length()) {
          throw new IllegalArgumentException("syntax error: unexpected $end, expecting FIELD");
        }
      } else if (field && isNameStart(c)) {
        int from = at;
        while (at < text.length() && (isNameStart(text.charAt(at)) || isDigit(text.charAt(at)))) {
          at++;
        }
        steps.add(new Step(text.substring(from, at), 0));
        field = false;
      } else {
        throw new IllegalArgumentException("unexpected char " + c);
      }
      at = skipSpaces(text, at);
    }
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("syntax error: unexpected $end");
    }
    return steps;
  }

  private static int bracket(String text, int from, List<Step> steps) {
    if (from == text.length()) {
      throw new IllegalArgumentException(
          "syntax error: unexpected $end, expecting STRING or INDEX");
    }
    int at = from;
    if (text.charAt(at) == '"') {
      StringBuilder name = new StringBuilder();
      at++;
      while (at < text.length() && text.charAt(at) != '"') {
        name.append(text.charAt(at++));
      }
      steps.add(new Step(name.toString(), 0));
      at++;
    } else {
      while (at < text.length() && isDigit(text.charAt(at)) && at - from < 9) {
        at++;
      }
      if (at == from) {
        throw new IllegalArgumentException("unexpected char " + text.charAt(at));
      }
      if (at < text.length() && text.charAt(at) == '.') {
        throw new IllegalArgumentException("cannot use float as array index");
      }
      steps.add(new Step(null, Integer.parseInt(text.substring(from, at))));
    }
    at = skipSpaces(text, at);
    if (at >= text.length() || text.charAt(at) != ']') {
      throw new IllegalArgumentException(
          at >= text.length()
              ? "syntax error: unexpected $end, expecting RSB"
              : "non-integer value: " + text.charAt(at));
    }
    return at + 1;
  }

  private static int skipSpaces(String text, int from) {
    int at = from;
    while (at < text.length()
        && (text.charAt(at) == ' ' || text.charAt(at) == '\t' || text.charAt(at) == '\n')) {
      at++;
    }
    return at;
  }

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
