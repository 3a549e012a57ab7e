// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import io.skopos.model.Labels;
import org.jspecify.annotations.Nullable;

/**
 * Entries of one stream, ascending in time. What is not asked for is not decoded: counting needs
 * neither lines nor, when a run lies within one window, times. Not thread-safe.
 */
public interface LogRun {

  Labels stream();

  /** The same for all runs of one stream within a scan, from 0 on. */
  int streamNumber();

  int size();

  /** No entry is earlier; known without decoding times. */
  long minTimeNs();

  /** No entry is later. */
  long maxTimeNs();

  /**
   * The sum of the lines' lengths; known without decoding lines where all entries were selected.
   */
  long lineBytes();

  /** About as much as {@link #lineBytes}, without reading any line: for statistics. */
  default long roughLineBytes() {
    return lineBytes();
  }

  /** The sum of the lengths of some entries' lines. */
  default long lineBytes(int fromEntry, int toEntry) {
    LineView view = new LineView();
    long bytes = 0;
    for (int entry = fromEntry; entry < toEntry; entry++) {
      line(entry, view);
      bytes += view.length;
    }
    return bytes;
  }

  /** Of each entry; at least {@link #size} long, owned by the run. */
  long[] timesNs();

  /** Makes an entry's line readable in {@code into}, until the next line is asked for. */
  void line(int entry, LineView into);

  /** The entry's structured metadata; equal sets of a run are mostly the same object. */
  Labels metadata(int entry);

  /** Whether any entry has metadata. */
  boolean hasMetadata();

  /** Whether all entries are known to fit the conditions of the selection: none has to be read. */
  default boolean fitsConditions() {
    return false;
  }

  /**
   * The fields of lines that were taken apart when they were stored; null when none were. Use it
   * instead of parsing the line.
   */
  @Nullable FieldColumns fields();

  /** Bytes of a line, not a copy: read only. */
  final class LineView {
    public byte[] bytes = new byte[0];
    public int from;
    public int length;
  }

  /**
   * Fields of lines, by column. The names and values are those that LogQL's {@code json} or {@code
   * logfmt} without parameters would extract, in the line's order, duplicates left out as it does.
   */
  interface FieldColumns {

    /** How the entry's line was taken apart; null when it was not and has to be parsed. */
    EntryCondition.@Nullable Syntax syntax(int entry);

    /** How many different fields the run's lines have. */
    int columns();

    String name(int column);

    /** The column of a name; -1 when no line has it. */
    int column(String name);

    boolean has(int entry, int column);

    /** The value as text, as the parser would give it. */
    String text(int entry, int column);

    /** The value as a decimal number; NaN when it is none, or has blanks or a suffix. */
    double number(int entry, int column);

    /** A number that is the same for equal values of one column in this run; -1 when not known. */
    int code(int entry, int column);
  }
}
