// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression as instructions on the bytes of UTF-8. */
final class RegexProgram {

  static final int BYTE = 0;
  static final int SPLIT = 1;
  static final int PLACE = 2;
  static final int MATCH = 3;

  private static final int MAX_SIZE = 8_000;

  private int[] operations = new int[64];
  private int[] low = new int[64];
  private int[] high = new int[64];
  private int[] next = new int[64];
  private int size;
  private final int start;
  private final List<RegexNode.PlaceKind> places = new ArrayList<>();

  private static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private TooLarge() {
      super(null, null, false, false);
    }
  }

  private RegexProgram(RegexNode node) {
    int match = add(MATCH, 0, 0, 0);
    this.start = emit(node, match);
  }

  /** Null when it would be too large. */
  static @Nullable RegexProgram of(RegexNode node) {
    try {
      return new RegexProgram(node);
    } catch (TooLarge e) {
      return null;
    }
  }

  int size() {
    return size;
  }

  int start() {
    return start;
  }

  boolean hasPlaces() {
    return !places.isEmpty();
  }

  int operation(int instruction) {
    return operations[instruction];
  }

  /** Of a byte, the least; of a split, where it may go as well. */
  int low(int instruction) {
    return low[instruction];
  }

  int high(int instruction) {
    return high[instruction];
  }

  int next(int instruction) {
    return next[instruction];
  }

  RegexNode.PlaceKind kind(int instruction) {
    return places.get(low[instruction]);
  }

  /** A number for each byte: the same for bytes the program cannot tell apart. */
  byte[] byteClasses() {
    boolean[] begins = new boolean[257];
    begins[0] = true;
    for (int i = 0; i < size; i++) {
      if (operations[i] == BYTE) {
        begins[low[i]] = true;
        begins[high[i] + 1] = true;
      }
    }
    if (hasPlaces()) {
      for (int c : new int[] {'\n', '0', 'A', '_', 'a', 0x80, 0xc0}) {
        begins[c] = true;
      }
      for (int c : new int[] {'\n', '9', 'Z', '_', 'z'}) {
        begins[c + 1] = true;
      }
    }
    byte[] classes = new byte[256];
    int number = -1;
    for (int c = 0; c < 256; c++) {
      number += begins[c] ? 1 : 0;
      classes[c] = (byte) number;
    }
    return classes;
  }

  private int add(int operation, int lowest, int highest, int to) {
    if (size == MAX_SIZE) {
      throw new TooLarge();
    }
    if (size == operations.length) {
      operations = Arrays.copyOf(operations, size * 2);
      low = Arrays.copyOf(low, size * 2);
      high = Arrays.copyOf(high, size * 2);
      next = Arrays.copyOf(next, size * 2);
    }
    operations[size] = operation;
    low[size] = lowest;
    high[size] = highest;
    next[size] = to;
    return size++;
  }

  /** Where a part begins that goes on to {@code to}. */
  private int emit(RegexNode node, int to) {
    switch (node) {
      case RegexNode.OneOf character -> {
        return characters(character.set(), to);
      }
      case RegexNode.Place place -> {
        places.add(place.kind());
        return add(PLACE, places.size() - 1, 0, to);
      }
      case RegexNode.Sequence sequence -> {
        List<RegexNode> parts = sequence.parts();
        int begin = to;
        for (int i = parts.size() - 1; i >= 0; i--) {
          begin = emit(parts.get(i), begin);
        }
        return begin;
      }
      case RegexNode.Choice choice -> {
        int begin = -1;
        for (RegexNode part : choice.parts().reversed()) {
          int one = emit(part, to);
          begin = begin < 0 ? one : add(SPLIT, begin, 0, one);
        }
        return begin;
      }
      case RegexNode.Repeat repeat -> {
        return repeat(repeat, to);
      }
    }
  }

  private int repeat(RegexNode.Repeat repeat, int to) {
    int begin = to;
    if (repeat.most() < 0) {
      int loop = add(SPLIT, to, 0, 0);
      int part = emit(repeat.part(), loop);
      next[loop] = part;
      begin = loop;
    } else {
      for (int i = repeat.least(); i < repeat.most(); i++) {
        int part = emit(repeat.part(), begin);
        begin = add(SPLIT, to, 0, part);
      }
    }
    for (int i = 0; i < repeat.least(); i++) {
      begin = emit(repeat.part(), begin);
    }
    return begin;
  }

  private int characters(CodePoints set, int to) {
    int begin = -1;
    for (int range = 0; range < set.ranges(); range++) {
      begin = range(set.from(range), set.to(range), to, begin);
    }
    // A set without characters fits nothing.
    return begin < 0 ? add(BYTE, 1, 0, to) : begin;
  }

  private int range(int from, int last, int to, int others) {
    if (from > last) {
      return others;
    }
    for (int limit : new int[] {0x7f, 0x7ff, 0xffff}) {
      if (from <= limit && last > limit) {
        return range(limit + 1, last, to, range(from, limit, to, others));
      }
    }
    if (last <= 0x7f) {
      return or(add(BYTE, from, last, to), others);
    }
    for (int i = 1; i < 4; i++) {
      int mask = (1 << (6 * i)) - 1;
      if ((from & ~mask) != (last & ~mask)) {
        if ((from & mask) != 0) {
          return range((from | mask) + 1, last, to, range(from, from | mask, to, others));
        }
        if ((last & mask) != mask) {
          int begin = last & ~mask;
          return range(begin, last, to, range(from, begin - 1, to, others));
        }
      }
    }
    byte[] least = new byte[4];
    byte[] greatest = new byte[4];
    int length = encode(from, least);
    encode(last, greatest);
    int begin = to;
    for (int i = length - 1; i >= 0; i--) {
      begin = add(BYTE, least[i] & 0xff, greatest[i] & 0xff, begin);
    }
    return or(begin, others);
  }

  private int or(int one, int others) {
    return others < 0 ? one : add(SPLIT, others, 0, one);
  }

  private static int encode(int c, byte[] into) {
    if (c < 0x800) {
      into[0] = (byte) (0xc0 | (c >> 6));
      into[1] = (byte) (0x80 | (c & 0x3f));
      return 2;
    }
    if (c < 0x10000) {
      into[0] = (byte) (0xe0 | (c >> 12));
      into[1] = (byte) (0x80 | ((c >> 6) & 0x3f));
      into[2] = (byte) (0x80 | (c & 0x3f));
      return 3;
    }
    into[0] = (byte) (0xf0 | (c >> 18));
    into[1] = (byte) (0x80 | ((c >> 12) & 0x3f));
    into[2] = (byte) (0x80 | ((c >> 6) & 0x3f));
    into[3] = (byte) (0x80 | (c & 0x3f));
    return 4;
  }
}
