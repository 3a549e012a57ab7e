// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recognises the expressions people write most, {@code a|b}, {@code web-(01|02)}, {@code
 * host-00[0-7]:9100}, {@code api.*}, {@code .*error.*}, and takes them apart into {@link Glob}s
 * that need no regular expression engine. Everything else is left to the engine, errors included.
 */
final class GlobParser {

  /** More alternatives than this are better walked by the engine. */
  static final int MAX_GLOBS = 256;

  private static final Set<Glob> EMPTY = Set.of(Glob.EMPTY);

  private final String text;
  private int position;

  private GlobParser(String text) {
    this.text = text;
  }

  /** Null when the expression is none of these shapes. */
  static @Nullable List<Glob> parse(String expression) {
    GlobParser parser = new GlobParser(expression);
    try {
      Set<Glob> globs = parser.alternation();
      return parser.position == expression.length() ? List.copyOf(globs) : null;
    } catch (OtherShape e) {
      return null;
    }
  }

  private Set<Glob> alternation() {
    Set<Glob> globs = new LinkedHashSet<>(concatenation());
    while (at('|')) {
      position++;
      globs.addAll(concatenation());
      bound(globs.size());
    }
    return globs;
  }

  private Set<Glob> concatenation() {
    Set<Glob> globs = EMPTY;
    while (position < text.length() && !at('|') && !at(')')) {
      Set<Glob> next = quantified();
      bound(globs.size() * next.size());
      Set<Glob> longer = new LinkedHashSet<>();
      for (Glob head : globs) {
        for (Glob tail : next) {
          if (!head.canBeFollowedBy(tail)) {
            throw new OtherShape();
          }
          longer.add(head.then(tail));
        }
      }
      globs = longer;
    }
    return globs;
  }

  private Set<Glob> quantified() {
    if (at('.')) {
      position++;
      boolean atLeastOne = at('+');
      if (!atLeastOne && !at('*')) {
        throw new OtherShape();
      }
      position++;
      skipLazyMark();
      refuseQuantifier();
      return Set.of(Glob.gap(atLeastOne));
    }
    Set<Glob> atom = atom();
    if (at('?')) {
      position++;
      skipLazyMark();
      Set<Glob> optional = new LinkedHashSet<>(atom);
      optional.add(Glob.EMPTY);
      atom = optional;
    }
    refuseQuantifier();
    return atom;
  }

  private Set<Glob> atom() {
    int c = text.codePointAt(position);
    position += Character.charCount(c);
    switch (c) {
      case '(':
        if (at('?')) {
          if (!text.startsWith("?:", position)) {
            throw new OtherShape();
          }
          position += 2;
        }
        Set<Glob> inner = alternation();
        if (!at(')')) {
          throw new OtherShape();
        }
        position++;
        return inner;
      case '[':
        return characterClass();
      case '\\':
        return escape();
      case '^', '$', '*', '+', '?', '{', ']', '}':
        throw new OtherShape();
      default:
        return Set.of(Glob.text(Character.toString(c)));
    }
  }

  private Set<Glob> escape() {
    char c = next();
    if (c == 'd') {
      Set<Glob> digits = new LinkedHashSet<>();
      for (char digit = '0'; digit <= '9'; digit++) {
        digits.add(Glob.text(String.valueOf(digit)));
      }
      return digits;
    }
    return Set.of(Glob.text(String.valueOf(punctuation(c))));
  }

  /** Only ASCII members, no negation, no named classes. */
  private Set<Glob> characterClass() {
    List<Glob> members = new ArrayList<>();
    boolean first = true;
    while (true) {
      char from = next();
      if (from == ']' && !first) {
        return new LinkedHashSet<>(members);
      }
      if ((from == '^' && first) || from == ']' || from == '[') {
        throw new OtherShape();
      }
      first = false;
      from = member(from);
      char to = from;
      if (at('-') && position + 1 < text.length() && text.charAt(position + 1) != ']') {
        position++;
        to = member(next());
      }
      if (to < from || from > 0x7f || to > 0x7f) {
        throw new OtherShape();
      }
      for (char c = from; c <= to; c++) {
        members.add(Glob.text(String.valueOf(c)));
      }
      bound(members.size());
    }
  }

  private char member(char c) {
    return c == '\\' ? punctuation(next()) : c;
  }

  private static char punctuation(char c) {
    boolean plain = c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c);
    if (!plain) {
      throw new OtherShape();
    }
    return c;
  }

  private void skipLazyMark() {
    if (at('?')) {
      position++;
    }
  }

  private void refuseQuantifier() {
    if (at('*') || at('+') || at('?') || at('{')) {
      throw new OtherShape();
    }
  }

  private boolean at(char c) {
    return position < text.length() && text.charAt(position) == c;
  }

  private char next() {
    if (position == text.length()) {
      throw new OtherShape();
    }
    return text.charAt(position++);
  }

  private static void bound(int globs) {
    if (globs > MAX_GLOBS) {
      throw new OtherShape();
    }
  }

  /** Unwinds the parser; never leaves it. */
  private static final class OtherShape extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OtherShape() {
      super(null, null, false, false);
    }
  }
}
