// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A line as words and signs, in order. Together they are the line, or the part of it that was
 * taken.
 */
final class LineTokens {

  /** Of one line; what is beyond is one word. */
  static final int MAX_TOKENS = 128;

  /** In the place of spaces: something that is no part of the line's text, perhaps with spaces. */
  static final int GAP = -1;

  private static final Set<String> DATES =
      Set.of(
          "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Mon",
          "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");

  /** How lines were taken apart; only such of one kind are compared. */
  enum Kind {
    /** Words and signs. */
    PLAIN,
    /** Keys with values. */
    LOGFMT,
    /** The words of a JSON object's message. */
    JSON_MESSAGE
  }

  Kind kind = Kind.PLAIN;
  final List<String> texts = new ArrayList<>();

  /** Spaces before each; {@link #GAP} when more than spaces stands there. */
  final List<Integer> spaces = new ArrayList<>();

  /** Whether spaces follow the last. */
  boolean spacesAtEnd;

  void begin(Kind of) {
    kind = of;
    spacesAtEnd = false;
    texts.clear();
    spaces.clear();
  }

  int size() {
    return texts.size();
  }

  void add(String text, int spacesBefore) {
    texts.add(text);
    spaces.add(spacesBefore);
  }

  static boolean hasDigit(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= '0' && text.charAt(i) <= '9') {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether it is sure to differ from line to line: a number, a time, an address, a hexadecimal id,
   * a month or a day.
   */
  static boolean isVariable(String text) {
    if (text.length() == 3 && DATES.contains(text)) {
      return true;
    }
    boolean digit = false;
    boolean plain = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean number = c >= '0' && c <= '9';
      digit |= number;
      plain &=
          number || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || ":.-_/%x".indexOf(c) >= 0;
    }
    char first = text.charAt(0);
    return digit
        && (plain || (first >= '0' && first <= '9') || (first == '/' && isDigitAt(text, 1)));
  }

  private static boolean isDigitAt(String text, int at) {
    return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  /** Whether it says something: a letter or a digit is in it. */
  static boolean isWord(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isLetterOrDigit(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }
}
