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
 * Log entries on their way to the log, in columns. Filled by one thread: {@link #stream} first, then
 * the stream's entries, each followed by its metadata. Any order of times and streams will do.
 */
public final class LogBatch implements Batch {

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
      lines = Arrays.copyOf(lines, Math.max(end, (int) Math.min(Integer.MAX_VALUE - 8L, lines.length * 2L)));
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
