// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.search;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Texts of which one has to be there for an expression to fit.
 *
 * @param ignoreCase of ASCII letters
 * @param signs whether two signs that are not ASCII could stand for letters of them
 * @param exact whether the expression fits just where one of them is
 */
record RegexLiterals(List<String> texts, boolean ignoreCase, boolean signs, boolean exact) {

  private static final int MAX_TEXTS = 32;
  private static final int MAX_LENGTH = 256;

  /** Null when there are none worth looking for. */
  static @Nullable RegexLiterals of(RegexNode node) {
    Found found = find(node);
    Run run = found.whole;
    if (run != null && run.exact && !run.texts.contains("")) {
      return new RegexLiterals(List.copyOf(run.texts), run.ignoreCase, run.signs, true);
    }
    Run best = better(run, found.required);
    return best == null || best.score() <= 0
        ? null
        : new RegexLiterals(List.copyOf(best.texts), best.ignoreCase, best.signs, false);
  }

  /** Texts that a part of an expression can be, all of them. */
  private static final class Run {
    private Set<String> texts = new LinkedHashSet<>();
    private boolean ignoreCase;
    private boolean signs;
    private boolean exact = true;

    private static Run empty() {
      Run run = new Run();
      run.texts.add("");
      return run;
    }

    /** Longer texts are better, and fewer. */
    private int score() {
      int shortest = MAX_LENGTH;
      for (String text : texts) {
        shortest = Math.min(shortest, text.getBytes(StandardCharsets.UTF_8).length);
      }
      return shortest == 0 || texts.size() > 8 ? 0 : shortest * 8 - texts.size();
    }

    private boolean hasLetters() {
      for (String text : texts) {
        for (int i = 0; i < text.length(); i++) {
          char lower = (char) (text.charAt(i) | 0x20);
          if (lower >= 'a' && lower <= 'z') {
            return true;
          }
        }
      }
      return false;
    }
  }

  /**
   * @param whole all texts of a part, when they are few
   * @param required texts of which one is in it
   */
  private record Found(@Nullable Run whole, @Nullable Run required) {}

  private static @Nullable Run better(@Nullable Run left, @Nullable Run right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    return left.score() >= right.score() ? left : right;
  }

  private static Found find(RegexNode node) {
    return switch (node) {
      case RegexNode.OneOf character -> new Found(run(character.set()), null);
      case RegexNode.Place _ -> {
        Run run = Run.empty();
        run.exact = false;
        yield new Found(run, null);
      }
      case RegexNode.Sequence sequence -> sequence(sequence.parts());
      case RegexNode.Choice choice -> choice(choice.parts());
      case RegexNode.Repeat repeat -> {
        if (repeat.least() == 0) {
          Found inside = repeat.most() == 1 ? find(repeat.part()) : new Found(null, null);
          yield inside.whole == null
              ? new Found(null, null)
              : new Found(union(List.of(Run.empty(), inside.whole)), null);
        }
        if (repeat.least() == repeat.most() && repeat.most() <= 8) {
          List<RegexNode> parts = new ArrayList<>();
          for (int i = 0; i < repeat.least(); i++) {
            parts.add(repeat.part());
          }
          yield sequence(parts);
        }
        Found inside = find(repeat.part());
        Run required = better(inside.whole, inside.required);
        yield new Found(null, required);
      }
    };
  }

  private static @Nullable Run run(CodePoints set) {
    Run run = new Run();
    int letter = set.foldedLetter();
    if (letter >= 0) {
      run.texts.add(String.valueOf((char) letter));
      run.ignoreCase = true;
      run.signs = letter == 'k' || letter == 's';
      return run;
    }
    if (set.size() > 4) {
      return null;
    }
    for (int range = 0; range < set.ranges(); range++) {
      for (int c = set.from(range); c <= set.to(range); c++) {
        run.texts.add(Character.toString(c));
      }
    }
    return run;
  }

  private static Found sequence(List<RegexNode> parts) {
    Run run = Run.empty();
    Run required = null;
    boolean whole = true;
    for (RegexNode part : parts) {
      Found found = find(part);
      Run next = found.whole == null ? null : joined(run, found.whole);
      if (next == null) {
        required = better(required, run);
        required = better(required, found.required);
        required = better(required, found.whole);
        run = found.whole == null ? Run.empty() : found.whole;
        whole = false;
      } else {
        run = next;
      }
    }
    return whole ? new Found(run, null) : new Found(null, better(required, run));
  }

  private static @Nullable Run joined(Run left, Run right) {
    if (left.texts.size() * right.texts.size() > MAX_TEXTS) {
      return null;
    }
    Run run = new Run();
    for (String before : left.texts) {
      for (String after : right.texts) {
        if (before.length() + after.length() > MAX_LENGTH) {
          return null;
        }
        run.texts.add(before + after);
      }
    }
    merge(run, left, right);
    return run;
  }

  private static void merge(Run into, Run left, Run right) {
    into.ignoreCase = left.ignoreCase || right.ignoreCase;
    into.signs = left.signs || right.signs;
    boolean looser =
        left.ignoreCase != right.ignoreCase && (left.ignoreCase ? right : left).hasLetters();
    into.exact = left.exact && right.exact && !looser;
    // A letter that has to be small or large is now looked for in both cases, signs and all.
    if (looser && into.ignoreCase) {
      Set<String> lower = new LinkedHashSet<>();
      into.texts.forEach(text -> lower.add(lower(text)));
      into.texts = lower;
    }
  }

  private static String lower(String text) {
    StringBuilder out = new StringBuilder(text);
    for (int i = 0; i < out.length(); i++) {
      char c = out.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        out.setCharAt(i, (char) (c + 32));
      }
    }
    return out.toString();
  }

  private static Found choice(List<RegexNode> parts) {
    List<Run> wholes = new ArrayList<>();
    List<Run> required = new ArrayList<>();
    for (RegexNode part : parts) {
      Found found = find(part);
      if (found.whole != null) {
        wholes.add(found.whole);
      }
      Run best = better(found.whole, found.required);
      if (best != null) {
        required.add(best);
      }
    }
    Run whole = wholes.size() == parts.size() ? union(wholes) : null;
    if (whole != null) {
      return new Found(whole, null);
    }
    return new Found(null, required.size() == parts.size() ? union(required) : null);
  }

  private static @Nullable Run union(List<Run> runs) {
    Run union = runs.getFirst();
    for (Run next : runs.subList(1, runs.size())) {
      Run merged = new Run();
      merged.texts.addAll(union.texts);
      merged.texts.addAll(next.texts);
      if (merged.texts.size() > MAX_TEXTS) {
        return null;
      }
      merge(merged, union, next);
      union = merged;
    }
    return union;
  }
}
