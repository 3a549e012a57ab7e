// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import io.skopos.ingest.collect.stage.RegexSyntax.Instruction;
import io.skopos.ingest.collect.stage.RegexSyntax.Operation;
import io.skopos.ingest.collect.stage.RegexSyntax.Unsupported;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression followed one way after the other, each place of the text from each
 * instruction once at most: linear in the text as RE2 is, and much shorter for lines of logs, where
 * the first way is nearly always right. Thread-safe.
 */
final class BacktrackingRegex {

  /** Instructions times characters that are kept track of; beyond, another engine must run. */
  private static final int MAX_TRACKED = 1 << 20;

  private final Instruction[] program;
  private final int places;
  private final boolean anchored;

  /** Characters that a match begins with; null when it may be empty. */
  private final boolean @Nullable [] begins;

  /** By instruction that parts: characters that its ways begin with; null when any or none may. */
  private final boolean[] @Nullable [] first;

  private final boolean[] @Nullable [] second;

  private BacktrackingRegex(List<Instruction> program, int groups) {
    this.program = program.toArray(new Instruction[0]);
    this.places = 2 * (groups + 1);
    this.anchored = program.get(1).operation == Operation.BEGIN;
    this.begins = findBegins(0);
    this.first = new boolean[this.program.length][];
    this.second = new boolean[this.program.length][];
    for (int i = 0; i < this.program.length; i++) {
      Instruction instruction = this.program[i];
      if (instruction.operation == Operation.SPLIT && instruction.other >= 0) {
        first[i] = findBegins(instruction.next);
        second[i] = findBegins(instruction.other);
      }
    }
  }

  /** Null when the expression is none of these: another engine must run it. */
  static @Nullable BacktrackingRegex of(String expression) {
    try {
      RegexSyntax syntax = new RegexSyntax(expression);
      List<Instruction> program = syntax.program();
      return new BacktrackingRegex(program, syntax.groups());
    } catch (Unsupported e) {
      return null;
    }
  }

  private boolean @Nullable [] findBegins(int from) {
    boolean[] found = new boolean[RegexSyntax.CHARACTERS];
    boolean[] seen = new boolean[program.length];
    Deque<Integer> ways = new ArrayDeque<>();
    ways.push(from);
    while (!ways.isEmpty()) {
      int at = ways.pop();
      if (seen[at]) {
        continue;
      }
      seen[at] = true;
      Instruction instruction = program[at];
      boolean[] members = instruction.characters;
      if (instruction.operation == Operation.MATCH) {
        return null;
      }
      if (members != null) {
        for (int c = 0; c < members.length; c++) {
          found[c] |= members[c];
        }
        continue;
      }
      ways.push(instruction.next);
      if (instruction.operation == Operation.SPLIT && instruction.other >= 0) {
        ways.push(instruction.other);
      }
    }
    return found;
  }

  Matcher matcher() {
    return new Matcher();
  }

  /** Looks at one text after the other. Used by one thread. */
  final class Matcher implements RegexMatcher {

    private static final int FITS = 1;
    private static final int FAILS = 0;
    private static final int FOREIGN = -1;

    private String text = "";
    private final int[] noted = new int[places];
    private long[] tried = new long[64];
    private int[] stack = new int[96];
    private int depth;

    @Override
    public Result find(String newText) {
      text = newText;
      int length = text.length();
      long tracked = (long) program.length * (length + 1);
      if (tracked > MAX_TRACKED) {
        return Result.UNKNOWN;
      }
      int words = (int) (tracked >> 6) + 1;
      if (tried.length < words) {
        tried = new long[Math.max(words, 2 * tried.length)];
      } else {
        Arrays.fill(tried, 0, words, 0);
      }
      for (int from = 0; from <= (anchored ? 0 : length); from++) {
        boolean[] first = begins;
        if (first != null && !anchored) {
          while (from < length && !first[Math.min(text.charAt(from), 256)]) {
            from++;
          }
          if (from == length) {
            return Result.MISSING;
          }
        }
        int result = run(from, length);
        if (result != FAILS) {
          return result == FITS ? Result.FOUND : Result.UNKNOWN;
        }
      }
      return Result.MISSING;
    }

    private int run(int from, int length) {
      Arrays.fill(noted, -1);
      depth = 0;
      int at = 0;
      int place = from;
      while (true) {
        Instruction instruction = program[at];
        boolean on = false;
        switch (instruction.operation) {
          case TAKE -> {
            boolean[] members = instruction.characters;
            if (place < length && members != null) {
              char c = text.charAt(place);
              if (Character.isSurrogate(c)) {
                return FOREIGN;
              }
              on = members[Math.min(c, 256)];
              place++;
            }
          }
          case SPLIT -> {
            on = isNew(at, place, length);
            if (on && instruction.other >= 0 && mayBegin(second[at], place, length)) {
              if (mayBegin(first[at], place, length)) {
                push(instruction.other, place, 0);
              } else {
                at = instruction.other;
                continue;
              }
            }
          }
          case NOTE -> {
            push(-1, instruction.other, noted[instruction.other]);
            noted[instruction.other] = place;
            on = true;
          }
          case BEGIN -> on = place == 0;
          case END -> on = place == length;
          case MATCH -> {
            return FITS;
          }
        }
        if (on) {
          at = instruction.next;
          continue;
        }
        while (true) {
          if (depth == 0) {
            return FAILS;
          }
          depth -= 3;
          if (stack[depth] >= 0) {
            break;
          }
          noted[stack[depth + 1]] = stack[depth + 2];
        }
        at = stack[depth];
        place = stack[depth + 1];
      }
    }

    private boolean mayBegin(boolean @Nullable [] characters, int place, int length) {
      return characters == null || place < length && characters[Math.min(text.charAt(place), 256)];
    }

    private boolean isNew(int at, int place, int length) {
      int bit = at * (length + 1) + place;
      long mask = 1L << bit;
      boolean fresh = (tried[bit >> 6] & mask) == 0;
      tried[bit >> 6] |= mask;
      return fresh;
    }

    private void push(int at, int place, int before) {
      if (depth == stack.length) {
        stack = Arrays.copyOf(stack, 2 * depth);
      }
      stack[depth++] = at;
      stack[depth++] = place;
      stack[depth++] = before;
    }

    @Override
    public @Nullable String group(int number) {
      int from = noted[2 * number];
      int to = noted[2 * number + 1];
      return from < 0 || to < 0 ? null : text.substring(from, to);
    }
  }
}
