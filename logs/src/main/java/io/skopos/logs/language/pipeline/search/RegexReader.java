// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes regular expressions of RE2's syntax apart. Only given expressions that RE2 accepts; gives
 * up on what is rare: Unicode classes, other letters than ASCII without regard to case.
 */
final class RegexReader {

  private static final int MAX_DEPTH = 200;

  private static final Map<String, CodePoints> NAMED =
      Map.ofEntries(
          Map.entry("alnum", CodePoints.DIGIT.with(letters())),
          Map.entry("alpha", letters()),
          Map.entry("ascii", CodePoints.of(0, 0x7f)),
          Map.entry("blank", CodePoints.of('\t', '\t').with(CodePoints.of(' ', ' '))),
          Map.entry("cntrl", CodePoints.of(0, 0x1f).with(CodePoints.of(0x7f, 0x7f))),
          Map.entry("digit", CodePoints.DIGIT),
          Map.entry("graph", CodePoints.of('!', '~')),
          Map.entry("lower", CodePoints.of('a', 'z')),
          Map.entry("print", CodePoints.of(' ', '~')),
          Map.entry(
              "punct",
              CodePoints.of('!', '/')
                  .with(CodePoints.of(':', '@'))
                  .with(CodePoints.of('[', '`'))
                  .with(CodePoints.of('{', '~'))),
          Map.entry("space", CodePoints.of('\t', '\r').with(CodePoints.of(' ', ' '))),
          Map.entry("upper", CodePoints.of('A', 'Z')),
          Map.entry("word", CodePoints.WORD),
          Map.entry(
              "xdigit",
              CodePoints.DIGIT.with(CodePoints.of('A', 'F')).with(CodePoints.of('a', 'f'))));

  private static final class GivenUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private GivenUp() {
      super(null, null, false, false);
    }
  }

  private final String text;
  private int at;
  private int depth;
  private boolean ignoreCase;
  private boolean lines;
  private boolean dotAll;

  private RegexReader(String text) {
    this.text = text;
  }

  /** Null when it gives up. */
  static @Nullable RegexNode read(String expression) {
    try {
      RegexReader reader = new RegexReader(expression);
      RegexNode node = reader.choice();
      return reader.at == expression.length() ? node : null;
    } catch (GivenUp | StringIndexOutOfBoundsException | NumberFormatException e) {
      return null;
    }
  }

  private static CodePoints letters() {
    return CodePoints.of('A', 'Z').with(CodePoints.of('a', 'z'));
  }

  private RegexNode choice() {
    if (++depth > MAX_DEPTH) {
      throw new GivenUp();
    }
    boolean outerIgnoreCase = ignoreCase;
    boolean outerLines = lines;
    boolean outerDotAll = dotAll;
    List<RegexNode> parts = new ArrayList<>();
    parts.add(sequence());
    while (at < text.length() && text.charAt(at) == '|') {
      at++;
      parts.add(sequence());
    }
    ignoreCase = outerIgnoreCase;
    lines = outerLines;
    dotAll = outerDotAll;
    depth--;
    return parts.size() == 1 ? parts.getFirst() : new RegexNode.Choice(parts);
  }

  private RegexNode sequence() {
    List<RegexNode> parts = new ArrayList<>();
    while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
      if (text.startsWith("\\Q", at)) {
        quoted(parts);
        continue;
      }
      RegexNode part = repeated(atom());
      if (!part.equals(RegexNode.EMPTY)) {
        parts.add(part);
      }
    }
    return parts.size() == 1 ? parts.getFirst() : new RegexNode.Sequence(parts);
  }

  private void quoted(List<RegexNode> parts) {
    int end = text.indexOf("\\E", at + 2);
    String inside = end < 0 ? text.substring(at + 2) : text.substring(at + 2, end);
    at = end < 0 ? text.length() : end + 2;
    if (at < text.length() && "*+?{".indexOf(text.charAt(at)) >= 0) {
      throw new GivenUp();
    }
    inside.codePoints().forEach(c -> parts.add(character(CodePoints.of(c, c))));
  }

  private RegexNode repeated(RegexNode first) {
    RegexNode node = first;
    while (at < text.length()) {
      int least;
      int most;
      switch (text.charAt(at)) {
        case '*' -> {
          least = 0;
          most = -1;
          at++;
        }
        case '+' -> {
          least = 1;
          most = -1;
          at++;
        }
        case '?' -> {
          least = 0;
          most = 1;
          at++;
        }
        case '{' -> {
          int end = text.indexOf('}', at);
          String inside = end < 0 ? "" : text.substring(at + 1, end);
          if (!inside.matches("\\d{1,4}(,\\d{0,4})?")) {
            return node;
          }
          at = end + 1;
          int comma = inside.indexOf(',');
          least = Integer.parseInt(comma < 0 ? inside : inside.substring(0, comma));
          String upper = comma < 0 ? inside : inside.substring(comma + 1);
          most = upper.isEmpty() ? -1 : Integer.parseInt(upper);
        }
        default -> {
          return node;
        }
      }
      if (at < text.length() && text.charAt(at) == '?') {
        at++;
      }
      node = new RegexNode.Repeat(node, least, most);
    }
    return node;
  }

  private RegexNode atom() {
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    return switch (c) {
      case '.' -> new RegexNode.OneOf(dotAll ? CodePoints.ANY : CodePoints.NO_NEWLINE);
      case '^' -> place(lines ? RegexNode.PlaceKind.BEGIN_LINE : RegexNode.PlaceKind.BEGIN_TEXT);
      case '$' -> place(lines ? RegexNode.PlaceKind.END_LINE : RegexNode.PlaceKind.END_TEXT);
      case '(' -> group();
      case '[' -> new RegexNode.OneOf(set());
      case '\\' -> escape();
      default -> character(CodePoints.of(c, c));
    };
  }

  private static RegexNode place(RegexNode.PlaceKind kind) {
    return new RegexNode.Place(kind);
  }

  private RegexNode character(CodePoints set) {
    return new RegexNode.OneOf(fold(set));
  }

  private CodePoints fold(CodePoints set) {
    if (!ignoreCase) {
      return set;
    }
    if (!set.isAscii()) {
      throw new GivenUp();
    }
    return set.folded();
  }

  private RegexNode group() {
    if (text.charAt(at) != '?') {
      RegexNode inside = choice();
      return closed(inside);
    }
    at++;
    if (text.startsWith("P<", at) || text.charAt(at) == '<') {
      at = text.indexOf('>', at) + 1;
      return closed(choice());
    }
    boolean on = true;
    boolean newIgnoreCase = ignoreCase;
    boolean newLines = lines;
    boolean newDotAll = dotAll;
    while (true) {
      char c = text.charAt(at++);
      switch (c) {
        case 'i' -> newIgnoreCase = on;
        case 'm' -> newLines = on;
        case 's' -> newDotAll = on;
        case 'U' -> {}
        case '-' -> on = false;
        case ':', ')' -> {
          boolean outerIgnoreCase = ignoreCase;
          boolean outerLines = lines;
          boolean outerDotAll = dotAll;
          ignoreCase = newIgnoreCase;
          lines = newLines;
          dotAll = newDotAll;
          if (c == ')') {
            return RegexNode.EMPTY;
          }
          RegexNode inside = choice();
          ignoreCase = outerIgnoreCase;
          lines = outerLines;
          dotAll = outerDotAll;
          return closed(inside);
        }
        default -> throw new GivenUp();
      }
    }
  }

  private RegexNode closed(RegexNode inside) {
    if (at >= text.length() || text.charAt(at) != ')') {
      throw new GivenUp();
    }
    at++;
    return inside;
  }

  private RegexNode escape() {
    char c = text.charAt(at);
    switch (c) {
      case 'A' -> {
        at++;
        return place(RegexNode.PlaceKind.BEGIN_TEXT);
      }
      case 'z' -> {
        at++;
        return place(RegexNode.PlaceKind.END_TEXT);
      }
      case 'b' -> {
        at++;
        return place(RegexNode.PlaceKind.WORD_BOUNDARY);
      }
      case 'B' -> {
        at++;
        return place(RegexNode.PlaceKind.NO_WORD_BOUNDARY);
      }
      default -> {
        CodePoints perl = perlClass();
        if (perl != null) {
          return new RegexNode.OneOf(perl);
        }
        int escaped = escaped();
        return character(CodePoints.of(escaped, escaped));
      }
    }
  }

  /** {@code \d} and its kin, the backslash taken already; null when it is another escape. */
  private @Nullable CodePoints perlClass() {
    CodePoints set =
        switch (text.charAt(at)) {
          case 'd', 'D' -> CodePoints.DIGIT;
          case 'w', 'W' -> CodePoints.WORD;
          case 's', 'S' -> CodePoints.SPACE;
          default -> null;
        };
    if (set == null) {
      return null;
    }
    boolean negated = Character.isUpperCase(text.charAt(at++));
    set = fold(set);
    return negated ? set.inverted() : set;
  }

  private int escaped() {
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    return switch (c) {
      case 'a' -> 7;
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 11;
      case 'x' -> {
        int from = at;
        if (text.charAt(at) == '{') {
          int end = text.indexOf('}', at);
          at = end + 1;
          yield Integer.parseInt(text.substring(from + 1, end), 16);
        }
        at += 2;
        yield Integer.parseInt(text.substring(from, at), 16);
      }
      case '0', '1', '2', '3', '4', '5', '6', '7' -> throw new GivenUp();
      default -> {
        if (c >= 0x80 || Character.isLetterOrDigit(c)) {
          throw new GivenUp();
        }
        yield c;
      }
    };
  }

  private CodePoints set() {
    boolean negated = text.charAt(at) == '^';
    if (negated) {
      at++;
    }
    CodePoints set = CodePoints.none();
    boolean first = true;
    while (first || text.charAt(at) != ']') {
      first = false;
      if (text.startsWith("[:", at)) {
        int end = text.indexOf(":]", at);
        boolean not = text.charAt(at + 2) == '^';
        CodePoints named = end < 0 ? null : NAMED.get(text.substring(at + (not ? 3 : 2), end));
        if (named != null) {
          at = end + 2;
          named = fold(named);
          set = set.with(not ? named.inverted() : named);
          continue;
        }
      }
      if (text.charAt(at) == '\\') {
        at++;
        CodePoints perl = perlClass();
        if (perl != null) {
          set = set.with(perl);
          continue;
        }
        at--;
      }
      int from = member();
      int to = from;
      if (text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
        at++;
        to = member();
      }
      set = set.with(fold(CodePoints.of(from, to)));
    }
    at++;
    return negated ? set.inverted() : set;
  }

  private int member() {
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    return c == '\\' ? escaped() : c;
  }
}
