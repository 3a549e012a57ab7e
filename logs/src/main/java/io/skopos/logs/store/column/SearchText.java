// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text that lines are searched for, as its runs of letters and digits. A run inside of it is a
 * whole run of the line; one at its ends may be a part of one. What is between the runs is not
 * looked at here: lines found are candidates.
 */
public final class SearchText {

  private final List<Needle> runs = new ArrayList<>();
  private final List<Long> grams = new ArrayList<>();
  private boolean isExact;

  private SearchText() {}

  /** A text that may begin and end anywhere in a line. */
  public static SearchText partOf(byte[] text) {
    return of(text, false);
  }

  /** All of a value. */
  public static SearchText whole(byte[] text) {
    return of(text, true);
  }

  private static SearchText of(byte[] text, boolean whole) {
    SearchText search = new SearchText();
    search.isExact = text.length > 0;
    boolean inTimes = true;
    for (byte one : text) {
      search.isExact &= Needle.isRunByte(one);
      inTimes &= (one >= '0' && one <= '9') || one == 'T' || one == 'Z';
    }
    search.isExact &= !inTimes && !whole;
    int at = 0;
    while (at < text.length) {
      int start = at;
      while (at < text.length && Needle.isRunByte(text[at])) {
        at++;
      }
      if (at > start) {
        search.run(
            Arrays.copyOfRange(text, start, at),
            (whole || start > 0) && (whole || at < text.length));
      }
      at++;
    }
    return search;
  }

  private void run(byte[] bytes, boolean isWhole) {
    Needle run = new Needle(bytes);
    runs.add(run);
    boolean picked = Grams.isPickedFrom(bytes.length, run.isDigits);
    if (picked && (isWhole || bytes.length >= Grams.GRAM + Grams.WINDOW - 1)) {
      Grams.pickRun(bytes, 0, bytes.length, grams::add);
    }
  }

  /**
   * Whether lines that are found do contain the text: it is one run, and one that timestamps, which
   * are not looked into, cannot have.
   */
  public boolean isExact() {
    return isExact;
  }

  /** What a filter has to have; empty when it cannot help. */
  public long[] grams() {
    return grams.stream().distinct().mapToLong(Long::longValue).toArray();
  }

  /** Longest first, as it leaves most out; null for a text without letters and digits. */
  public @Nullable List<Needle> runs() {
    if (runs.isEmpty()) {
      return null;
    }
    runs.sort((a, b) -> Integer.compare(b.bytes.length, a.bytes.length));
    return runs;
  }
}
