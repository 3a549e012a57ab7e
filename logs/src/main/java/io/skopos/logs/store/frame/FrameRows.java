// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.frame;

import io.skopos.model.Labels;
import io.skopos.model.UtcDay;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.TreeMap;

/**
 * The entries of one frame in columns, stream after stream; in a stream in the order they came. It
 * rides along as {@link io.skopos.storage.Frame#decoded}.
 *
 * @param streams whose entries there are, each once
 * @param streamEnds per stream, the number of rows up to its end
 * @param timesNs of each row
 * @param lineEnds of each row, from {@code linesFrom} on
 * @param lines array that holds the lines back to back; not a copy
 * @param linesFrom where in it they begin
 * @param metadataSets the sets that rows refer to; empty when no row has any
 * @param metadata per row, 0 for none, else one more than its place in {@code metadataSets}; empty
 *     when no row has any
 */
public record FrameRows(
    Labels[] streams,
    int[] streamEnds,
    long[] timesNs,
    int[] lineEnds,
    byte[] lines,
    int linesFrom,
    Labels[] metadataSets,
    int[] metadata) {

  public int rows() {
    return timesNs.length;
  }

  public int linesLength() {
    return lineEnds.length == 0 ? 0 : lineEnds[lineEnds.length - 1];
  }

  public int streamStart(int stream) {
    return stream == 0 ? 0 : streamEnds[stream - 1];
  }

  public int lineStart(int row) {
    return row == 0 ? 0 : lineEnds[row - 1];
  }

  /** Empty for none. */
  public Labels metadataOf(int row) {
    return metadata.length == 0 || metadata[row] == 0
        ? Labels.EMPTY
        : metadataSets[metadata[row] - 1];
  }

  /** The rows of each UTC day, for frames that have several. */
  public TreeMap<Integer, FrameRows> byDay() {
    TreeMap<Integer, IntArrayList> rowsByDay = new TreeMap<>();
    for (int row = 0; row < rows(); row++) {
      rowsByDay
          .computeIfAbsent(
              UtcDay.numberOf(Math.floorDiv(timesNs[row], 1_000_000L)), _ -> new IntArrayList())
          .add(row);
    }
    TreeMap<Integer, FrameRows> byDay = new TreeMap<>();
    rowsByDay.forEach((day, chosen) -> byDay.put(day, only(chosen)));
    return byDay;
  }

  /**
   * @param chosen ascending
   */
  private FrameRows only(IntArrayList chosen) {
    int count = chosen.size();
    long[] times = new long[count];
    int[] ends = new int[count];
    int[] sets = new int[metadata.length == 0 ? 0 : count];
    int length = 0;
    for (int i = 0; i < count; i++) {
      int row = chosen.getInt(i);
      times[i] = timesNs[row];
      length += lineEnds[row] - lineStart(row);
      ends[i] = length;
      if (sets.length > 0) {
        sets[i] = metadata[row];
      }
    }
    byte[] copied = new byte[length];
    for (int i = 0; i < count; i++) {
      int row = chosen.getInt(i);
      int start = i == 0 ? 0 : ends[i - 1];
      System.arraycopy(lines, linesFrom + lineStart(row), copied, start, ends[i] - start);
    }
    int[] newStreamEnds = new int[streams.length];
    int at = 0;
    for (int stream = 0; stream < streams.length; stream++) {
      while (at < count && chosen.getInt(at) < streamEnds[stream]) {
        at++;
      }
      newStreamEnds[stream] = at;
    }
    return new FrameRows(streams, newStreamEnds, times, ends, copied, 0, metadataSets, sets);
  }
}
