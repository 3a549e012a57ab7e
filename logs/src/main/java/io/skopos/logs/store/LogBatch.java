// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import io.skopos.logs.store.frame.FrameEncoder;
import io.skopos.model.Labels;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Batch;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Log entries on their way to the log, in columns. Filled by one thread: {@link #stream} first,
 * then the stream's entries, each followed by its metadata. Any order of times and streams will do.
 */
public final class LogBatch implements Batch {

  private static final int MAX_KEPT_BYTES = 4 << 20;
  private static final int MAX_KEPT_ROWS = 1 << 16;
  private static final int MAX_EXPECTED_BYTES = 64 << 20;

  private final List<Labels> streams = new ArrayList<>();
  private final Map<Labels, Integer> numbers = new HashMap<>();

  private int rows;
  private int[] streamOf = new int[64];
  private long[] timesNs = new long[64];
  private int[] lineEnds = new int[64];
  private byte[] lines = new byte[4096];
  private Labels[] metadata = new Labels[0];
  private long minTimeNs = Long.MAX_VALUE;
  private long maxTimeNs = Long.MIN_VALUE;

  /** The number of a stream within this batch: the same for equal labels. */
  public int stream(Labels labels) {
    Integer known = numbers.putIfAbsent(labels, streams.size());
    if (known != null) {
      return known;
    }
    streams.add(labels);
    return streams.size() - 1;
  }

  /**
   * Copies the line.
   *
   * @param stream as {@link #stream} gave it
   */
  public void entry(int stream, long timeNs, byte[] bytes, int from, int length) {
    int at = rows == 0 ? 0 : lineEnds[rows - 1];
    int end = Math.addExact(at, length);
    if (end > lines.length) {
      lines =
          Arrays.copyOf(
              lines, Math.max(end, (int) Math.min(Integer.MAX_VALUE - 8L, lines.length * 2L)));
    }
    System.arraycopy(bytes, from, lines, at, length);
    if (rows == timesNs.length) {
      timesNs = Arrays.copyOf(timesNs, rows * 2);
      streamOf = Arrays.copyOf(streamOf, rows * 2);
      lineEnds = Arrays.copyOf(lineEnds, rows * 2);
    }
    streamOf[rows] = stream;
    timesNs[rows] = timeNs;
    lineEnds[rows] = end;
    minTimeNs = Math.min(minTimeNs, timeNs);
    maxTimeNs = Math.max(maxTimeNs, timeNs);
    rows++;
  }

  public void entry(int stream, long timeNs, String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    entry(stream, timeNs, bytes, 0, bytes.length);
  }

  /** Structured metadata of the entry added last. */
  public void metadata(Labels labels) {
    if (labels.isEmpty()) {
      return;
    }
    if (metadata.length < rows) {
      int before = metadata.length;
      metadata = Arrays.copyOf(metadata, timesNs.length);
      Arrays.fill(metadata, before, metadata.length, Labels.EMPTY);
    }
    metadata[rows - 1] = labels;
  }

  /** Says of a row how much of its line is kept. */
  @FunctionalInterface
  public interface RowFilter {

    /**
     * @param lineLength of the row; the batch is not to be asked for its lines meanwhile
     * @return bytes of the line that are kept, from its beginning; negative to leave the row out
     */
    int kept(int row, int lineLength);
  }

  /** Leaves rows out and cuts lines; the order of the others and the streams' numbers stay. */
  public void retain(RowFilter filter) {
    int to = 0;
    int from = 0;
    int end = 0;
    minTimeNs = Long.MAX_VALUE;
    maxTimeNs = Long.MIN_VALUE;
    for (int row = 0; row < rows; row++) {
      int next = lineEnds[row];
      int kept = filter.kept(row, next - from);
      if (kept >= 0) {
        int length = Math.min(kept, next - from);
        System.arraycopy(lines, from, lines, end, length);
        end += length;
        streamOf[to] = streamOf[row];
        timesNs[to] = timesNs[row];
        if (row < metadata.length) {
          metadata[to] = metadata[row];
        }
        lineEnds[to] = end;
        minTimeNs = Math.min(minTimeNs, timesNs[to]);
        maxTimeNs = Math.max(maxTimeNs, timesNs[to]);
        to++;
      }
      from = next;
    }
    Arrays.fill(metadata, Math.min(to, metadata.length), metadata.length, Labels.EMPTY);
    rows = to;
  }

  /** Empties it for the next use; what a large one needed is given back. */
  public void clear() {
    streams.clear();
    numbers.clear();
    if (metadata.length > 0) {
      metadata = new Labels[0];
    }
    rows = 0;
    minTimeNs = Long.MAX_VALUE;
    maxTimeNs = Long.MIN_VALUE;
    if (lines.length > MAX_KEPT_BYTES) {
      lines = new byte[4096];
    }
    if (timesNs.length > MAX_KEPT_ROWS) {
      streamOf = new int[64];
      timesNs = new long[64];
      lineEnds = new int[64];
    }
  }

  /** Makes room for lines that are sure to be no longer together, so that it need not grow. */
  public void expect(int bytes) {
    int end = rows == 0 ? 0 : lineEnds[rows - 1];
    if (lines.length - end < bytes && bytes <= MAX_EXPECTED_BYTES) {
      lines = Arrays.copyOf(lines, end + bytes);
    }
  }

  /** Bytes of lines and of metadata's names and values. */
  public long bytes() {
    long bytes = rows == 0 ? 0 : lineEnds[rows - 1];
    for (int row = 0; row < Math.min(rows, metadata.length); row++) {
      bytes += metadata[row].canonicalBytes().length;
    }
    return bytes;
  }

  @Override
  public Signal signal() {
    return Signal.LOGS;
  }

  @Override
  public int rows() {
    return rows;
  }

  public int streams() {
    return streams.size();
  }

  public Labels streamLabels(int stream) {
    return streams.get(stream);
  }

  public int streamOf(int row) {
    return streamOf[row];
  }

  public long timeNs(int row) {
    return timesNs[row];
  }

  public int lineFrom(int row) {
    return row == 0 ? 0 : lineEnds[row - 1];
  }

  public int lineLength(int row) {
    return lineEnds[row] - lineFrom(row);
  }

  /** All lines, back to back: read only. */
  public byte[] lineBytes() {
    return lines;
  }

  public Labels metadata(int row) {
    return row < metadata.length ? metadata[row] : Labels.EMPTY;
  }

  @Override
  public long minTimeMs() {
    return rows == 0 ? Long.MAX_VALUE : Math.floorDiv(minTimeNs, 1_000_000L);
  }

  @Override
  public long maxTimeMs() {
    return rows == 0 ? Long.MIN_VALUE : Math.floorDiv(maxTimeNs, 1_000_000L);
  }

  @Override
  public List<Frame> toFrames(TenantId tenant, Sharding sharding) {
    return FrameEncoder.encode(this, tenant, sharding);
  }
}
