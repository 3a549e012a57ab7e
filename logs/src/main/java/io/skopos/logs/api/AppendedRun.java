// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.logs.store.LogBatch;
import io.skopos.logs.store.LogRun;
import io.skopos.model.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entries of one stream that have just been written, on a copy of their bytes. */
final class AppendedRun implements LogRun {

  private final Labels stream;
  private final int number;
  private final byte[] lines;
  private final int[] from;
  private final int[] length;
  private final long[] times;
  private final Labels[] metadata;

  private AppendedRun(LogBatch batch, byte[] lines, int number, List<Integer> rows) {
    this.stream = batch.streamLabels(number);
    this.number = number;
    this.lines = lines;
    rows.sort(Comparator.comparingLong(batch::timeNs));
    int size = rows.size();
    from = new int[size];
    length = new int[size];
    times = new long[size];
    metadata = new Labels[size];
    for (int i = 0; i < size; i++) {
      int row = rows.get(i);
      from[i] = batch.lineFrom(row);
      length[i] = batch.lineLength(row);
      times[i] = batch.timeNs(row);
      metadata[i] = batch.metadata(row);
    }
  }

  /** One for each stream. */
  static List<AppendedRun> of(LogBatch batch) {
    int rows = batch.rows();
    int end = rows == 0 ? 0 : batch.lineFrom(rows - 1) + batch.lineLength(rows - 1);
    byte[] lines = Arrays.copyOf(batch.lineBytes(), end);
    List<List<Integer>> byStream = new ArrayList<>(batch.streams());
    for (int i = 0; i < batch.streams(); i++) {
      byStream.add(new ArrayList<>());
    }
    for (int row = 0; row < rows; row++) {
      byStream.get(batch.streamOf(row)).add(row);
    }
    List<AppendedRun> runs = new ArrayList<>(byStream.size());
    for (int i = 0; i < byStream.size(); i++) {
      if (!byStream.get(i).isEmpty()) {
        runs.add(new AppendedRun(batch, lines, i, byStream.get(i)));
      }
    }
    return runs;
  }

  @Override
  public Labels stream() {
    return stream;
  }

  @Override
  public int streamNumber() {
    return number;
  }

  @Override
  public int size() {
    return times.length;
  }

  @Override
  public long minTimeNs() {
    return times[0];
  }

  @Override
  public long maxTimeNs() {
    return times[times.length - 1];
  }

  @Override
  public long lineBytes() {
    return Arrays.stream(length).asLongStream().sum();
  }

  @Override
  public long[] timesNs() {
    return times;
  }

  @Override
  public void line(int entry, LineView into) {
    into.bytes = lines;
    into.from = from[entry];
    into.length = length[entry];
  }

  @Override
  public Labels metadata(int entry) {
    return metadata[entry];
  }

  @Override
  public boolean hasMetadata() {
    for (Labels labels : metadata) {
      if (!labels.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable FieldColumns fields() {
    return null;
  }
}
