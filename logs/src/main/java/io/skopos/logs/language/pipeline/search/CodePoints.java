// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.search;

import java.util.Arrays;

/** A set of characters: ascending ranges that do not touch. */
final class CodePoints {

  private static final int KELVIN = 0x212a;
  private static final int LONG_S = 0x17f;
  private static final int LAST = Character.MAX_CODE_POINT;

  static final CodePoints ANY = of(0, LAST);
  static final CodePoints NO_NEWLINE = of('\n', '\n').inverted();
  static final CodePoints DIGIT = of('0', '9');
  static final CodePoints WORD =
      of('0', '9').with(of('A', 'Z')).with(of('_', '_')).with(of('a', 'z'));
  static final CodePoints SPACE = of('\t', '\n').with(of('\f', '\r')).with(of(' ', ' '));

  private final int[] bounds;

  private CodePoints(int[] bounds) {
    this.bounds = bounds;
  }

  static CodePoints of(int from, int to) {
    return new CodePoints(new int[] {from, to});
  }

  static CodePoints none() {
    return new CodePoints(new int[0]);
  }

  int ranges() {
    return bounds.length / 2;
  }

  int from(int range) {
    return bounds[2 * range];
  }

  int to(int range) {
    return bounds[2 * range + 1];
  }

  /** How many characters it has. */
  long size() {
    long size = 0;
    for (int i = 0; i < ranges(); i++) {
      size += to(i) - from(i) + 1;
    }
    return size;
  }

  boolean contains(int c) {
    for (int i = 0; i < ranges(); i++) {
      if (c >= from(i) && c <= to(i)) {
        return true;
      }
    }
    return false;
  }

  boolean isAscii() {
    return bounds.length == 0 || bounds[bounds.length - 1] < 0x80;
  }

  CodePoints with(CodePoints other) {
    int count = ranges() + other.ranges();
    long[] sorted = new long[count];
    for (int i = 0; i < ranges(); i++) {
      sorted[i] = ((long) from(i) << 32) | to(i);
    }
    for (int i = 0; i < other.ranges(); i++) {
      sorted[ranges() + i] = ((long) other.from(i) << 32) | other.to(i);
    }
    Arrays.sort(sorted);
    int[] merged = new int[count * 2];
    int size = 0;
    for (long range : sorted) {
      int from = (int) (range >>> 32);
      int to = (int) range;
      if (size > 0 && from <= merged[size - 1] + 1) {
        merged[size - 1] = Math.max(merged[size - 1], to);
      } else {
        merged[size++] = from;
        merged[size++] = to;
      }
    }
    return new CodePoints(Arrays.copyOf(merged, size));
  }

  CodePoints inverted() {
    int[] inverted = new int[bounds.length + 2];
    int size = 0;
    int next = 0;
    for (int i = 0; i < ranges(); i++) {
      if (from(i) > next) {
        inverted[size++] = next;
        inverted[size++] = from(i) - 1;
      }
      next = to(i) + 1;
    }
    if (next <= LAST) {
      inverted[size++] = next;
      inverted[size++] = LAST;
    }
    return new CodePoints(Arrays.copyOf(inverted, size));
  }

  /** With the other case of its ASCII letters, and the two signs that fold to one of them. */
  CodePoints folded() {
    CodePoints folded = this;
    for (int c = 'a'; c <= 'z'; c++) {
      boolean sign = (c == 'k' && contains(KELVIN)) || (c == 's' && contains(LONG_S));
      if (contains(c) || contains(c - 32) || sign) {
        folded = folded.with(of(c, c)).with(of(c - 32, c - 32));
        if (c == 'k') {
          folded = folded.with(of(KELVIN, KELVIN));
        } else if (c == 's') {
          folded = folded.with(of(LONG_S, LONG_S));
        }
      }
    }
    return folded;
  }

  /** The small letter, when the set is one letter in every case; -1 otherwise. */
  int foldedLetter() {
    if (bounds.length == 0 || from(0) < 'A' || from(0) > 'Z') {
      return -1;
    }
    int letter = from(0) + 32;
    return size() <= 3 && Arrays.equals(bounds, of(letter, letter).folded().bounds) ? letter : -1;
  }
}
