// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * {@code <_> took <_>ms} as a line filter: literals in this order. Text at the pattern's beginning
 * is searched for, not anchored; text at its end has to end the line.
 */
public final class LinePattern {

  private final List<ByteSearch> literals = new ArrayList<>();
  private final byte[] longest;
  private final boolean endsWithLiteral;
  private final boolean exact;

  /**
   * @throws IllegalArgumentException when it has named captures or two without text between them
   */
  public LinePattern(String text) {
    List<CapturePattern.Piece> pieces = CapturePattern.parse(text);
    if (pieces.stream().anyMatch(CapturePattern.Piece::isNamed)) {
      throw new IllegalArgumentException("named captures are not allowed");
    }
    CapturePattern.checkConsecutive(pieces);
    for (CapturePattern.Piece piece : pieces) {
      if (piece.capture() == null) {
        literals.add(new ByteSearch(piece.literal()));
      }
    }
    this.longest =
        pieces.stream()
            .map(CapturePattern.Piece::literal)
            .max(Comparator.comparingInt(literal -> literal.length))
            .orElse(new byte[0]);
    this.exact = pieces.size() == literals.size();
    this.endsWithLiteral = !pieces.isEmpty() && pieces.getLast().capture() == null;
  }

  /** Every line that fits contains it. */
  public byte[] longestLiteral() {
    return longest.clone();
  }

  public boolean matches(byte[] bytes, int from, int length) {
    int end = from + length;
    if (exact) {
      return literals.isEmpty()
          ? length == 0
          : literals.getFirst().length() == length
              && literals.getFirst().find(bytes, from, end) == from;
    }
    int at = from;
    int between = endsWithLiteral ? literals.size() - 1 : literals.size();
    for (int i = 0; i < between; i++) {
      int found = literals.get(i).find(bytes, at, end);
      if (found < 0) {
        return false;
      }
      at = found + literals.get(i).length();
    }
    if (endsWithLiteral) {
      ByteSearch last = literals.getLast();
      int start = end - last.length();
      return start >= at && last.find(bytes, start, end) == start;
    }
    return true;
  }
}
