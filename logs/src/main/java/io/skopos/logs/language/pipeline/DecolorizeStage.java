// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/** {@code | decolorize}: takes ANSI sequences out of the line. */
public final class DecolorizeStage implements Stage {

  private byte[] into = new byte[256];

  public DecolorizeStage() {}

  @Override
  public boolean process(EntryState state) {
    byte[] bytes = state.bytes();
    int from = state.from();
    int end = from + state.length();
    int size = -1;
    int at = from;
    while (at < end) {
      int introducer = introducer(bytes, at, end);
      int stop = introducer == 0 ? -1 : sequenceEnd(bytes, at + introducer, end);
      if (stop < 0) {
        if (size >= 0) {
          into[size++] = bytes[at];
        }
        at++;
        continue;
      }
      if (size < 0) {
        if (into.length < end - from) {
          into = new byte[Math.max(end - from, into.length * 2)];
        }
        size = at - from;
        System.arraycopy(bytes, from, into, 0, size);
      }
      at = stop;
    }
    if (size >= 0) {
      state.replaceLine(into, 0, size);
    }
    return true;
  }

  private static int introducer(byte[] bytes, int at, int end) {
    if (bytes[at] == 0x1b) {
      return 1;
    }
    return at + 1 < end && bytes[at] == (byte) 0xc2 && bytes[at + 1] == (byte) 0x9b ? 2 : 0;
  }

  /**
   * Behind a sequence: brackets and signs, then either words up to a bell or numbers and a letter.
   */
  private static int sequenceEnd(byte[] bytes, int start, int end) {
    int at = start;
    while (at < end && "[]()#;?".indexOf(bytes[at]) >= 0) {
      at++;
    }
    // What comes first may itself take some of the characters between, so look from each back.
    for (int from = at; from >= start; from--) {
      int stop = bell(bytes, from, end);
      stop = stop < 0 ? letter(bytes, from, end) : stop;
      if (stop >= 0) {
        return stop;
      }
    }
    return -1;
  }

  private static int bell(byte[] bytes, int from, int end) {
    int at = from;
    if (at < end && bytes[at] != ';') {
      while (at < end
          && ((LabelNames.isWordByte(bytes[at]) && bytes[at] != '_')
              || (bytes[at] == ';' && at > from))) {
        at++;
      }
    }
    return at < end && bytes[at] == 7 ? at + 1 : -1;
  }

  private static int letter(byte[] bytes, int from, int end) {
    int at = from;
    int digits = 0;
    while (at < end && isDigit(bytes[at]) && digits < 4) {
      at++;
      digits++;
    }
    if (digits > 0) {
      while (at < end && bytes[at] == ';') {
        at++;
        for (int i = 0; i < 4 && at < end && isDigit(bytes[at]); i++) {
          at++;
        }
      }
    }
    // Numbers give back what the last character needs.
    for (int last = at; last >= from; last--) {
      if (last < end && isFinal(bytes[last])) {
        return last + 1;
      }
    }
    return -1;
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isFinal(byte c) {
    return isDigit(c)
        || (c >= 'A' && c <= 'P')
        || c == 'R'
        || c == 'Z'
        || c == 'c'
        || (c >= 'f' && c <= 'n')
        || c == 'q'
        || c == 'r'
        || c == 't'
        || c == 'y'
        || c == '='
        || c == '>'
        || c == '<'
        || c == '~';
  }
}
