// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import java.nio.charset.StandardCharsets;

/** A place in a body, and the failures that name it. The body is read, never changed. */
final class Cursor {

  private static final int MAX_QUOTED_BYTES = 80;

  byte[] body = new byte[0];
  int at;
  int end;
  private int start;

  void reset(byte[] newBody, int offset, int length) {
    body = newBody;
    start = offset;
    at = offset;
    end = offset + length;
  }

  boolean atEnd() {
    return at >= end;
  }

  /** The byte here, or a newline at the body's end. */
  byte peek() {
    return at < end ? body[at] : (byte) '\n';
  }

  boolean atLineEnd() {
    return at >= end || body[at] == '\n';
  }

  void skipBlanks() {
    while (at < end && (body[at] == ' ' || body[at] == '\t')) {
      at++;
    }
  }

  /** To behind the line's newline, or the body's end. */
  void toNextLine() {
    while (at < end && body[at] != '\n') {
      at++;
    }
    if (at < end) {
      at++;
    }
  }

  boolean startsWith(byte[] word) {
    if (end - at < word.length) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if (body[at + i] != word[i]) {
        return false;
      }
    }
    return true;
  }

  /** The end of the run of bytes up to a blank or the line's end. */
  int tokenEnd() {
    int to = at;
    while (to < end && body[to] != ' ' && body[to] != '\t' && body[to] != '\n') {
      to++;
    }
    return to;
  }

  String text(int from, int to) {
    return new String(body, from, to - from, StandardCharsets.UTF_8);
  }

  /** For messages: shortened, control characters escaped. */
  String quoted(int from, int to) {
    StringBuilder out = new StringBuilder("'");
    String shown = text(from, Math.min(to, from + MAX_QUOTED_BYTES));
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      if (c < ' ' || c == 0x7f) {
        out.append(c == '\n' ? "\\n" : c == '\t' ? "\\t" : String.format("\\x%02x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append(to - from > MAX_QUOTED_BYTES ? "…'" : "'").toString();
  }

  /** What stands here, for "expected X, got Y". */
  String found() {
    if (at >= end) {
      return "the end of the body";
    }
    return body[at] == '\n' ? "the end of the line" : quoted(at, Math.max(tokenEnd(), at + 1));
  }

  ExpositionException failure(String problem) {
    return failureAt(at, problem);
  }

  /** Counts lines only now, so that good bodies never do. */
  ExpositionException failureAt(int position, String problem) {
    int line = 1;
    for (int i = start; i < position && i < end; i++) {
      if (body[i] == '\n') {
        line++;
      }
    }
    return new ExpositionException(line, problem);
  }
}
