// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.search;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.skopos.storage.index.LabelPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of RE2's syntax, asked only whether it fits. Texts that have to be there are
 * looked for first; what is left is decided by an automaton on bytes, and what that does not
 * understand, or is not UTF-8, by RE2's engine. Not thread-safe.
 */
public final class RegexFilter {

  /** Texts are looked for one after another. */
  private static final int MAX_SEARCHES = 4;

  private final Pattern engine;
  private final boolean whole;
  private final @Nullable RegexAutomaton automaton;
  private final @Nullable RegexLiterals literals;
  private final ByteSearch[] searches;
  private final byte[][] equals;

  private RegexFilter(Pattern engine, boolean whole, @Nullable RegexNode node) {
    this.engine = engine;
    this.whole = whole;
    RegexNode inside = node == null || whole ? node : withoutEdges(node);
    RegexLiterals found = inside == null ? null : RegexLiterals.of(inside);
    boolean equality = whole && found != null && found.exact() && !found.ignoreCase();
    boolean usable = found != null && (found.texts().size() <= MAX_SEARCHES || found.exact());
    this.literals = usable || equality ? found : null;
    this.equals =
        equality && found != null
            ? found.texts().stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new)
            : new byte[0][];
    this.searches =
        literals == null || equality
            ? new ByteSearch[0]
            : literals.texts().stream()
                .map(text ->
                    new ByteSearch(text.getBytes(StandardCharsets.UTF_8), literals.ignoreCase()))
                .toArray(ByteSearch[]::new);
    RegexProgram program =
        inside == null ? null : RegexProgram.of(whole ? anchored(inside) : inside);
    this.automaton = program == null ? null : new RegexAutomaton(program);
  }

  private static RegexNode anchored(RegexNode node) {
    return new RegexNode.Sequence(
        List.of(
            new RegexNode.Place(RegexNode.PlaceKind.BEGIN_TEXT),
            node,
            new RegexNode.Place(RegexNode.PlaceKind.END_TEXT)));
  }

  /** Where only a part has to fit, {@code .*} at the edges says nothing. */
  private static RegexNode withoutEdges(RegexNode node) {
    if (!(node instanceof RegexNode.Sequence sequence)) {
      return node;
    }
    List<RegexNode> parts = new ArrayList<>(sequence.parts());
    while (!parts.isEmpty() && isGap(parts.getFirst())) {
      parts.removeFirst();
    }
    while (!parts.isEmpty() && isGap(parts.getLast())) {
      parts.removeLast();
    }
    return parts.size() == 1 ? parts.getFirst() : new RegexNode.Sequence(parts);
  }

  private static boolean isGap(RegexNode node) {
    return node instanceof RegexNode.Repeat repeat
        && repeat.least() == 0
        && repeat.most() < 0
        && repeat.part() instanceof RegexNode.OneOf;
  }

  /**
   * @param whole whether it has to fit the whole text and not only a part
   * @throws IllegalArgumentException with RE2's message when the expression is malformed
   */
  public static RegexFilter compile(String expression, boolean whole) {
    return new RegexFilter(engine(expression), whole, RegexReader.read(expression));
  }

  /** A regular expression for other uses, its size bounded. */
  public static Pattern engine(String expression) {
    LabelPattern.checkSize(expression);
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Texts of which one is in every text that fits, byte for byte; empty when none are known. */
  public List<String> required() {
    return literals == null || literals.ignoreCase() ? List.of() : literals.texts();
  }

  public boolean matches(byte[] bytes, int from, int length) {
    if (equals.length > 0) {
      for (byte[] text : equals) {
        if (Arrays.equals(text, 0, text.length, bytes, from, from + length)) {
          return true;
        }
      }
      return false;
    }
    RegexLiterals needed = literals;
    if (needed != null) {
      boolean found = isAnyIn(bytes, from, length);
      boolean maybeSigns = !found && needed.signs() && ByteSearch.hasNonAscii(bytes, from, length);
      if (!maybeSigns && (!found || (needed.exact() && !whole))) {
        return found;
      }
    }
    RegexAutomaton runs = automaton;
    if (runs != null && isUtf8(bytes, from, length)) {
      return runs.matches(bytes, from, length);
    }
    byte[] text =
        from == 0 && length == bytes.length
            ? bytes
            : Arrays.copyOfRange(bytes, from, from + length);
    return whole ? engine.matcher(text).matches() : engine.matcher(text).find();
  }

  private boolean isAnyIn(byte[] bytes, int from, int length) {
    for (ByteSearch search : searches) {
      if (search.isIn(bytes, from, length)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isUtf8(byte[] bytes, int from, int length) {
    if (!ByteSearch.hasNonAscii(bytes, from, length)) {
      return true;
    }
    int end = from + length;
    int at = from;
    while (at < end) {
      int c = bytes[at];
      if (c >= 0) {
        at++;
        continue;
      }
      int size = (c & 0xe0) == 0xc0 ? 2 : (c & 0xf0) == 0xe0 ? 3 : (c & 0xf8) == 0xf0 ? 4 : 0;
      if (size == 0 || at + size > end) {
        return false;
      }
      int code = c & (0x7f >> size);
      for (int i = 1; i < size; i++) {
        if ((bytes[at + i] & 0xc0) != 0x80) {
          return false;
        }
        code = (code << 6) | (bytes[at + i] & 0x3f);
      }
      int least = size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000;
      if (code < least || code > Character.MAX_CODE_POINT || (code >= 0xd800 && code < 0xe000)) {
        return false;
      }
      at += size;
    }
    return true;
  }
}
