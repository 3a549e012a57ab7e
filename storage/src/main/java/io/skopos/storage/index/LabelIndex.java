// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import java.io.IOException;
import java.util.function.IntPredicate;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * Which series carry which label value, by ordinal. Thread-safe. Bitmaps handed out belong to the
 * caller, who may change them. Names and values are UTF-8 bytes.
 */
public interface LabelIndex {

  /**
   * Ordinals are 0 (inclusive) to this (exclusive); a growing index may have more a moment later.
   */
  int seriesCount();

  /** The series that have this label with this value; empty when there is none. */
  RoaringBitmap postings(byte[] name, byte[] value) throws IOException;

  /** The series that have this label at all. */
  RoaringBitmap postings(byte[] name) throws IOException;

  /** How many values the label has; 0 for an unknown name. */
  int valueCount(byte[] name) throws IOException;

  /** Visits all label names; sorted in a part, in any order in a head. */
  void names(Visitor visitor) throws IOException;

  /** Visits all values of a label; sorted in a part, in any order in a head. */
  void values(byte[] name, Visitor visitor) throws IOException;

  /** The union of the postings of those values of a label that the pattern accepts (or refuses). */
  RoaringBitmap matching(byte[] name, LabelPattern pattern, boolean accepted) throws IOException;

  /** One label name or value. */
  @FunctionalInterface
  interface Visitor {

    /**
     * @param bytes owned by the index: copy what is kept
     * @param series how many series carry it
     * @param postings reads the postings; only valid during the call
     * @return false to stop
     */
    boolean visit(byte[] bytes, int length, int series, Postings postings) throws IOException;
  }

  /** Postings read on demand. */
  @FunctionalInterface
  interface Postings {
    RoaringBitmap read() throws IOException;

    /** Visits them in runs, ascending. */
    default void runs(RunVisitor visitor) throws IOException {
      for (PeekableIntIterator it = read().getIntIterator(); it.hasNext(); ) {
        int ordinal = it.next();
        visitor.run(ordinal, ordinal);
      }
    }

    /** Whether any of them is accepted; looks no further than the first one that is. */
    default boolean any(IntPredicate accepted) throws IOException {
      for (PeekableIntIterator it = read().getIntIterator(); it.hasNext(); ) {
        if (accepted.test(it.next())) {
          return true;
        }
      }
      return false;
    }
  }

  /** Ordinals {@code from} to {@code to}, both included. */
  @FunctionalInterface
  interface RunVisitor {
    void run(int from, int to);
  }
}
