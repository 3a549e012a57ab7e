// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.search;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program over bytes, one table look-up each. A state is the set of instructions the program
 * may be at; states are made when they are first met, and all forgotten when they fill the table,
 * so that the worst text takes no more time than following all instructions at once. Not
 * thread-safe.
 */
final class RegexAutomaton {

  private static final int UNKNOWN = -1;
  private static final int FITS = -2;
  private static final int DEAD = -3;
  private static final int MAX_TABLE = 1 << 17;

  private static final int AT_BEGIN = 0;
  private static final int AFTER_NEWLINE = 1;
  private static final int AFTER_WORD = 2;
  private static final int AFTER_OTHER = 3;

  /** What comes next, when the text has ended. */
  private static final int END = 256;

  @SuppressWarnings("ArrayRecordComponent") // compared by content
  private record Key(int[] instructions, int before) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key
          && before == key.before
          && Arrays.equals(instructions, key.instructions);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(instructions) * 31 + before;
    }
  }

  private final RegexProgram program;
  private final byte[] classes;
  private final int stride;
  private final boolean anchored;
  private final Map<Key, Integer> states = new HashMap<>();
  private Key[] keys = new Key[64];
  private int[] table = new int[0];
  private int start;

  /** Bytes that lead from the start back to it; null until they are known. */
  private boolean @Nullable [] idle;

  private final int[] seen;
  private int seenStamp;
  private final int[] stack;
  private final int[] reached;
  private final int[] after;

  RegexAutomaton(RegexProgram program) {
    this.program = program;
    this.classes = program.byteClasses();
    int highest = 0;
    for (byte number : classes) {
      highest = Math.max(highest, number & 0xff);
    }
    this.stride = highest + 2;
    this.anchored =
        program.operation(program.start()) == RegexProgram.PLACE
            && program.kind(program.start()) == RegexNode.PlaceKind.BEGIN_TEXT;
    this.seen = new int[program.size()];
    this.stack = new int[program.size() * 2 + 2];
    this.reached = new int[program.size()];
    this.after = new int[program.size() + 1];
    forget();
  }

  private void forget() {
    states.clear();
    table = new int[Math.min(MAX_TABLE, stride * 16)];
    Arrays.fill(table, UNKNOWN);
    int before = program.hasPlaces() ? AT_BEGIN : AFTER_OTHER;
    start = state(new Key(new int[] {program.start()}, before));
  }

  private boolean[] findIdle() {
    boolean[] found = new boolean[256];
    for (int c = 0; c < 256 && !program.hasPlaces(); c++) {
      found[c] = transition(start, c) == start;
    }
    idle = found;
    return found;
  }

  private int state(Key key) {
    Integer known = states.get(key);
    if (known != null) {
      return known;
    }
    int number = states.size();
    int offset = number * stride;
    if (offset + stride > table.length) {
      int before = table.length;
      table = Arrays.copyOf(table, Math.max(offset + stride, before * 2));
      Arrays.fill(table, before, table.length, UNKNOWN);
    }
    if (number == keys.length) {
      keys = Arrays.copyOf(keys, number * 2);
    }
    keys[number] = key;
    states.put(key, offset);
    return offset;
  }

  /** Whether the program fits any part of the text. The bytes are valid UTF-8. */
  boolean matches(byte[] bytes, int from, int length) {
    int end = from + length;
    boolean[] idles = idle == null ? findIdle() : idle;
    int first = start;
    int state = first;
    int[] transitions = table;
    byte[] numbers = classes;
    for (int i = from; i < end; i++) {
      if (state == first) {
        while (i < end && idles[bytes[i] & 0xff]) {
          i++;
        }
        if (i == end) {
          break;
        }
      }
      int c = bytes[i] & 0xff;
      int next = transitions[state + (numbers[c] & 0xff)];
      if (next < 0) {
        if (next == UNKNOWN) {
          next = transition(state, c);
          transitions = table;
          first = start;
        }
        if (next < 0) {
          return next == FITS;
        }
      }
      state = next;
    }
    int last = transitions[state + stride - 1];
    if (last == UNKNOWN) {
      last = transition(state, END);
    }
    return last == FITS;
  }

  private int transition(int state, int c) {
    Key key = keys[state / stride];
    int number = c == END ? stride - 1 : classes[c] & 0xff;
    int next = follow(key, c);
    if (next >= 0 && table.length > MAX_TABLE) {
      Key kept = keys[next / stride];
      forget();
      return state(kept);
    }
    table[state + number] = next;
    return next;
  }

  private int follow(Key key, int c) {
    int count = close(key, c);
    if (count < 0) {
      return FITS;
    }
    if (c == END) {
      return DEAD;
    }
    int size = 0;
    seenStamp++;
    for (int i = 0; i < count; i++) {
      int instruction = reached[i];
      if (program.low(instruction) <= c && program.high(instruction) >= c) {
        int next = program.next(instruction);
        if (seen[next] != seenStamp) {
          seen[next] = seenStamp;
          after[size++] = next;
        }
      }
    }
    if (!anchored && seen[program.start()] != seenStamp) {
      after[size++] = program.start();
    }
    if (size == 0) {
      return DEAD;
    }
    int[] instructions = Arrays.copyOf(after, size);
    Arrays.sort(instructions);
    return state(new Key(instructions, program.hasPlaces() ? before(c) : AFTER_OTHER));
  }

  private static int before(int c) {
    return c == '\n' ? AFTER_NEWLINE : isWord(c) ? AFTER_WORD : AFTER_OTHER;
  }

  private static boolean isWord(int c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /**
   * Follows everything that takes no byte.
   *
   * @return how many instructions that take one were reached; -1 when the program fits
   */
  private int close(Key key, int c) {
    seenStamp++;
    int depth = 0;
    int count = 0;
    for (int instruction : key.instructions()) {
      stack[depth++] = instruction;
      while (depth > 0) {
        int at = stack[--depth];
        if (seen[at] == seenStamp) {
          continue;
        }
        seen[at] = seenStamp;
        switch (program.operation(at)) {
          case RegexProgram.BYTE -> reached[count++] = at;
          case RegexProgram.SPLIT -> {
            stack[depth++] = program.low(at);
            stack[depth++] = program.next(at);
          }
          case RegexProgram.PLACE -> {
            if (holds(program.kind(at), key.before(), c)) {
              stack[depth++] = program.next(at);
            }
          }
          default -> {
            return -1;
          }
        }
      }
    }
    return count;
  }

  private static boolean holds(RegexNode.PlaceKind kind, int before, int c) {
    if (c >= 0x80 && c < 0xc0) {
      // Within a character is no place.
      return false;
    }
    return switch (kind) {
      case BEGIN_TEXT -> before == AT_BEGIN;
      case END_TEXT -> c == END;
      case BEGIN_LINE -> before == AT_BEGIN || before == AFTER_NEWLINE;
      case END_LINE -> c == END || c == '\n';
      case WORD_BOUNDARY -> (before == AFTER_WORD) != (c != END && isWord(c));
      case NO_WORD_BOUNDARY -> (before == AFTER_WORD) == (c != END && isWord(c));
    };
  }
}
