// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts time where pieces of one stream begin and end, so that only those are read side by side that
 * have rows at the same time.
 */
public final class TimeSlices {

  private TimeSlices() {}

  /** From the first to the last row, both included. */
  public interface Piece {
    long minTimeNs();

    long maxTimeNs();
  }

  /** Takes slices by ascending time. */
  @FunctionalInterface
  public interface Visitor<P> {

    /**
     * @param fromNs included
     * @param toNs included
     * @param pieces at least one
     */
    void slice(long fromNs, long toNs, List<P> pieces) throws IOException;
  }

  /**
   * @param pieces by their first times
   */
  public static <P extends Piece> void forEach(List<P> pieces, Visitor<P> visitor)
      throws IOException {
    int at = 0;
    while (at < pieces.size()) {
      int end = at + 1;
      long max = pieces.get(at).maxTimeNs();
      while (end < pieces.size() && pieces.get(end).minTimeNs() <= max) {
        max = Math.max(max, pieces.get(end).maxTimeNs());
        end++;
      }
      List<P> together = pieces.subList(at, end);
      if (together.size() == 1) {
        visitor.slice(together.getFirst().minTimeNs(), max, together);
      } else {
        cut(together, max, visitor);
      }
      at = end;
    }
  }

  private static <P extends Piece> void cut(List<P> pieces, long last, Visitor<P> visitor)
      throws IOException {
    long[] cuts = new long[2 * pieces.size()];
    int count = 0;
    for (P piece : pieces) {
      cuts[count++] = piece.minTimeNs();
      if (piece.maxTimeNs() < last) {
        cuts[count++] = piece.maxTimeNs() + 1;
      }
    }
    Arrays.sort(cuts, 0, count);
    List<P> active = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < count; i++) {
      if (i > 0 && cuts[i] == cuts[i - 1]) {
        continue;
      }
      long from = cuts[i];
      int following = i + 1;
      while (following < count && cuts[following] == from) {
        following++;
      }
      long to = following < count ? cuts[following] - 1 : last;
      active.removeIf(piece -> piece.maxTimeNs() < from);
      while (next < pieces.size() && pieces.get(next).minTimeNs() <= from) {
        active.add(pieces.get(next++));
      }
      if (!active.isEmpty()) {
        visitor.slice(from, to, List.copyOf(active));
      }
    }
  }
}
