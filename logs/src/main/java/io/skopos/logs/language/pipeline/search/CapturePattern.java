// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.search;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code <ip> - <_> "<method> <path>"}: captures with literals between them. A capture ends where
 * the literal after it first begins; one whose literal is not there takes the rest.
 */
public final class CapturePattern {

  /** One piece of a pattern: a capture's name, or literal bytes. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Piece(@Nullable String capture, byte[] literal) {

    boolean isNamed() {
      return capture != null && !capture.equals("_");
    }
  }

  private final List<String> names = new ArrayList<>();
  private final byte[] prefix;
  private final boolean[] named;
  private final ByteSearch[] after;
  private final int[] starts;
  private final int[] lengths;

  /**
   * @throws IllegalArgumentException when it has no capture, or two without text between them, or
   *     two of one name
   */
  public CapturePattern(String text) {
    List<Piece> pieces = parse(text);
    Set<String> seen = new HashSet<>();
    for (Piece piece : pieces) {
      if (piece.isNamed()) {
        names.add(String.valueOf(piece.capture()));
      }
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException("at least one capture is required");
    }
    checkConsecutive(pieces);
    for (String name : names) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            "duplicate capture name (" + name + "): invalid expression");
      }
    }
    boolean hasPrefix = pieces.getFirst().capture() == null;
    this.prefix = hasPrefix ? pieces.getFirst().literal() : new byte[0];
    List<Piece> rest = hasPrefix ? pieces.subList(1, pieces.size()) : pieces;
    int captures = (rest.size() + 1) / 2;
    this.named = new boolean[captures];
    this.after = new ByteSearch[rest.size() / 2];
    for (int i = 0; i < rest.size(); i++) {
      if (i % 2 == 0) {
        named[i / 2] = rest.get(i).isNamed();
      } else {
        after[i / 2] = new ByteSearch(rest.get(i).literal());
      }
    }
    this.starts = new int[names.size()];
    this.lengths = new int[names.size()];
  }

  static void checkConsecutive(List<Piece> pieces) {
    for (int i = 1; i < pieces.size(); i++) {
      if (pieces.get(i).capture() != null && pieces.get(i - 1).capture() != null) {
        throw new IllegalArgumentException("found consecutive capture: invalid expression");
      }
    }
  }

  static List<Piece> parse(String text) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int end = text.charAt(at) == '<' ? captureEnd(text, at + 1) : -1;
      if (end < 0) {
        literal.append(text.charAt(at++));
        continue;
      }
      flush(literal, pieces);
      pieces.add(new Piece(text.substring(at + 1, end), new byte[0]));
      at = end + 1;
    }
    flush(literal, pieces);
    return pieces;
  }

  private static int captureEnd(String text, int from) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      if (c == '>' && at > from) {
        return at;
      }
      if (!letter && (at == from || c < '0' || c > '9')) {
        return -1;
      }
      at++;
    }
    return -1;
  }

  private static void flush(StringBuilder literal, List<Piece> pieces) {
    if (!literal.isEmpty()) {
      pieces.add(new Piece(null, literal.toString().getBytes(StandardCharsets.UTF_8)));
      literal.setLength(0);
    }
  }

  /** Of its captures, in order. */
  public List<String> names() {
    return names;
  }

  /** How many of the named captures, from the first on, the line has. */
  public int match(byte[] bytes, int from, int length) {
    int end = from + length;
    if (length < prefix.length || length == 0) {
      return 0;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (bytes[from + i] != prefix[i]) {
        return 0;
      }
    }
    int at = from + prefix.length;
    int found = 0;
    for (int i = 0; i < named.length; i++) {
      int next = i < after.length ? after[i].find(bytes, at, end) : -1;
      if (named[i]) {
        starts[found] = at;
        lengths[found++] = (next < 0 ? end : next) - at;
      }
      if (next < 0) {
        break;
      }
      at = next + after[i].length();
    }
    return found;
  }

  /** Where a capture of the line matched last begins. */
  public int start(int capture) {
    return starts[capture];
  }

  public int length(int capture) {
    return lengths[capture];
  }
}
