// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.pattern;

import java.util.Arrays;

/** What the lines of one group have in common, and how many they are by step. */
final class Template {

  /** Stands for what differs. */
  static final String ANY = "<_>";

  final LineTokens.Kind kind;
  final String[] tokens;
  final int[] spaces;
  long lines;
  long lastUse;
  private int[] steps = new int[4];
  private long[] counts = new long[4];
  private int used;
  private boolean spacesAtEnd;

  Template(LineTokens line) {
    this.kind = line.kind;
    this.tokens = line.texts.toArray(String[]::new);
    this.spaces = line.spaces.stream().mapToInt(Integer::intValue).toArray();
    this.spacesAtEnd = line.spacesAtEnd;
  }

  void count(int step, long weight) {
    lines += weight;
    // Lines mostly come in the order of their times.
    for (int i = used - 1; i >= 0 && i >= used - 4; i--) {
      if (steps[i] == step) {
        counts[i] += weight;
        return;
      }
    }
    if (used == steps.length) {
      compact();
      if (used * 2 > steps.length) {
        steps = Arrays.copyOf(steps, steps.length * 2);
        counts = Arrays.copyOf(counts, counts.length * 2);
      }
    }
    steps[used] = step;
    counts[used++] = weight;
  }

  private void compact() {
    java.util.TreeMap<Integer, Long> sums = new java.util.TreeMap<>();
    for (int i = 0; i < used; i++) {
      sums.merge(steps[i], counts[i], Long::sum);
    }
    used = 0;
    for (java.util.Map.Entry<Integer, Long> entry : sums.entrySet()) {
      steps[used] = entry.getKey();
      counts[used++] = entry.getValue();
    }
  }

  void addCountsTo(java.util.Map<Integer, Long> sums) {
    for (int i = 0; i < used; i++) {
      sums.merge(steps[i], counts[i], Long::sum);
    }
  }

  /** Makes room for another line of the group. */
  void merge(LineTokens line) {
    spacesAtEnd |= line.spacesAtEnd;
    for (int i = 0; i < tokens.length; i++) {
      int before = line.spaces.get(i);
      boolean gap = spaces[i] == LineTokens.GAP || before == LineTokens.GAP;
      boolean apart = !gap && spaces[i] != before;
      spaces[i] = Math.min(spaces[i], before);
      if (apart || !tokens[i].equals(line.texts.get(i))) {
        tokens[i] = ANY;
      }
    }
  }

  /**
   * As LogQL's pattern filter takes it: no two gaps without text between them, no text that would
   * be a named one. Fits every line of the group.
   */
  String text() {
    StringBuilder out = new StringBuilder();
    boolean within = kind == LineTokens.Kind.JSON_MESSAGE;
    if (within) {
      out.append(ANY);
    }
    for (int i = 0; i < tokens.length; i++) {
      if (spaces[i] == LineTokens.GAP) {
        out.append(ANY);
      } else {
        out.repeat(' ', spaces[i]);
      }
      out.append(tokens[i]);
    }
    if (within || spacesAtEnd) {
      out.append(ANY);
    }
    return collapsed(withoutNames(out.toString()));
  }

  private static String withoutNames(String text) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int end = text.charAt(at) == '<' ? nameEnd(text, at + 1) : -1;
      if (end < 0) {
        out.append(text.charAt(at++));
      } else {
        out.append(ANY);
        at = end + 1;
      }
    }
    return out.toString();
  }

  private static int nameEnd(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == '_' || isAscii(text.charAt(at)))) {
      at++;
    }
    return at > from && at < text.length() && text.charAt(at) == '>' ? at : -1;
  }

  private static boolean isAscii(char c) {
    return c < 128 && Character.isLetterOrDigit(c);
  }

  /** Gaps with nothing but spaces between them are one. */
  private static String collapsed(String text) {
    StringBuilder out = new StringBuilder(text);
    int at = out.indexOf(ANY);
    while (at >= 0) {
      int next = at + ANY.length();
      int end = next;
      while (end < out.length() && out.charAt(end) == ' ') {
        end++;
      }
      if (out.indexOf(ANY, end) == end && end < out.length()) {
        out.delete(next, end + ANY.length());
      } else {
        at = out.indexOf(ANY, next);
      }
    }
    return out.toString();
  }
}
