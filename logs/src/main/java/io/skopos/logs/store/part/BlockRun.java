// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import io.skopos.logs.store.LogRun;
import io.skopos.logs.store.column.Column;
import io.skopos.model.Labels;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.index.CanonicalLabels;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one run of a block, those within some times that are candidates and not hidden. Used
 * again after {@link #begin}; valid until its block is left.
 */
public final class BlockRun implements LogRun {

  private @Nullable Block block;
  private Labels stream = Labels.EMPTY;
  private int streamNumber;
  private int run;
  private int size;

  /** Rows of the block; or all from {@link #first} on, when {@link #isDense}. */
  private int[] rows = new int[256];

  private boolean isDense;
  private int first;
  private long[] times = new long[256];
  private boolean timesKnown;
  private boolean isWhole;
  private boolean fitsConditions;
  private final ByteWriter line = new ByteWriter(1024);
  private final ByteWriter set = new ByteWriter(256);
  private Labels lastSet = Labels.EMPTY;
  private int lastCode = -1;

  /**
   * @param candidates rows of the block; null when all are
   * @param candidatesFit whether candidates are sure to fit the conditions of the question
   */
  public void begin(
      Block opened,
      int number,
      Labels labels,
      int labelsNumber,
      long fromNs,
      long toNs,
      HiddenTimes hidden,
      @Nullable BitSet candidates,
      boolean candidatesFit) {
    block = opened;
    fitsConditions = candidatesFit;
    stream = labels;
    streamNumber = labelsNumber;
    run = number;
    lastCode = -1;
    lastSet = Labels.EMPTY;
    BlockEntry entry = opened.entry();
    long min = entry.minTimeNs(number);
    long max = entry.maxTimeNs(number);
    int start = entry.rowStart(number);
    int end = entry.rowEnd(number);
    isDense = true;
    first = start;
    size = end - start;
    timesKnown = false;
    isWhole = true;
    boolean someHidden = hidden.touches(entry.stream(number), min, max);
    if (min >= fromNs && max <= toNs && !someHidden && candidates == null) {
      return;
    }
    isWhole = false;
    if (candidates != null) {
      int next = candidates.nextSetBit(start);
      if (next < 0 || next >= end) {
        size = 0;
        return;
      }
    }
    timesNs();
    int low = min >= fromNs ? 0 : lowerBound(fromNs, size);
    int high = max <= toNs ? size : lowerBound(toNs + 1, size);
    if (candidates == null && !someHidden) {
      System.arraycopy(times, low, times, 0, high - low);
      first = start + low;
      size = high - low;
      return;
    }
    isDense = false;
    if (rows.length < high - low) {
      rows = new int[Math.max(high - low, rows.length * 2)];
    }
    int kept = 0;
    for (int i = low; i < high; i++) {
      if ((candidates == null || candidates.get(start + i))
          && !(someHidden && hidden.touches(entry.stream(number), times[i], times[i]))) {
        rows[kept] = start + i;
        times[kept] = times[i];
        kept++;
      }
    }
    size = kept;
  }

  private int lowerBound(long time, int count) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int row(int entry) {
    return isDense ? first + entry : rows[entry];
  }

  private Block block() {
    Block opened = block;
    if (opened == null) {
      throw new IllegalStateException("no run was begun");
    }
    return opened;
  }

  @Override
  public Labels stream() {
    return stream;
  }

  @Override
  public int streamNumber() {
    return streamNumber;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long minTimeNs() {
    return isWhole ? block().entry().minTimeNs(run) : size == 0 ? Long.MAX_VALUE : times[0];
  }

  @Override
  public long maxTimeNs() {
    return isWhole ? block().entry().maxTimeNs(run) : size == 0 ? Long.MIN_VALUE : times[size - 1];
  }

  @Override
  public long lineBytes() {
    if (isWhole) {
      return block().entry().lineBytes(run);
    }
    return lineBytes(0, size);
  }

  @Override
  public long lineBytes(int fromEntry, int toEntry) {
    if (isWhole && toEntry - fromEntry == size) {
      return block().entry().lineBytes(run);
    }
    long bytes = 0;
    Column lines = block().lines();
    for (int entry = fromEntry; entry < toEntry; entry++) {
      bytes += lines.length(row(entry), row(entry), line);
    }
    return bytes;
  }

  @Override
  public long roughLineBytes() {
    BlockEntry entry = block().entry();
    int rows = entry.rowEnd(run) - entry.rowStart(run);
    return rows == 0 ? 0 : (long) ((double) entry.lineBytes(run) / rows * size);
  }

  @Override
  public long[] timesNs() {
    if (!timesKnown) {
      if (times.length < size) {
        times = new long[Math.max(size, times.length * 2)];
      }
      block().times(run, times);
      timesKnown = true;
    }
    return times;
  }

  @Override
  public void line(int entry, LineView into) {
    line.clear();
    block().lines().append(row(entry), row(entry), line);
    into.bytes = line.bytes;
    into.from = 0;
    into.length = line.size;
  }

  @Override
  public Labels metadata(int entry) {
    Column sets = block().metadata();
    if (sets == null) {
      return Labels.EMPTY;
    }
    int row = row(entry);
    int code = sets.code(row);
    if (code >= 0 && code == lastCode) {
      return lastSet;
    }
    set.clear();
    sets.append(row, row, set);
    byte[] before = lastSet.canonicalBytes();
    if (!Arrays.equals(before, 0, before.length, set.bytes, 0, set.size)) {
      CanonicalLabels.check(set.bytes, 0, set.size, true);
      lastSet = Labels.ofCanonicalBytes(set.toByteArray());
    }
    lastCode = code;
    return lastSet;
  }

  @Override
  public boolean fitsConditions() {
    return fitsConditions;
  }

  @Override
  public boolean hasMetadata() {
    return block().metadata() != null;
  }

  @Override
  public @Nullable FieldColumns fields() {
    return block().fields(this::row);
  }

  /** What it means when bytes of the block cannot be understood. */
  public Exception damaged(DamagedBytes cause) {
    return block().damaged(cause);
  }
}
