// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.head;

import io.skopos.logs.store.LogRun;
import io.skopos.logs.store.RowKey;
import io.skopos.logs.store.part.RowSource;
import io.skopos.model.Labels;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one stream out of heads: added in any order, then {@link #finish sorted} by time, each of
 * equal rows once. Used again after {@link #begin}.
 */
public final class HeadRun implements LogRun, RowSource {

  private Labels stream = Labels.EMPTY;
  private int streamNumber;
  private int size;
  private HeadRows[] owners = new HeadRows[256];
  private int[] rows = new int[256];
  private long[] times = new long[256];
  private long lineBytes;
  private boolean ascends;
  private boolean hasEqualTimes;
  private boolean hasMetadata;
  private byte[] line = new byte[1024];

  public void begin(Labels labels, int number) {
    stream = labels;
    streamNumber = number;
    Arrays.fill(owners, 0, size, null);
    size = 0;
    lineBytes = 0;
    ascends = true;
    hasEqualTimes = false;
    hasMetadata = false;
  }

  void add(HeadRows owner, int row) {
    if (size == rows.length) {
      owners = Arrays.copyOf(owners, size * 2);
      rows = Arrays.copyOf(rows, size * 2);
      times = Arrays.copyOf(times, size * 2);
    }
    long time = owner.timesNs()[row];
    if (size > 0) {
      ascends &= time >= times[size - 1];
      hasEqualTimes |= time == times[size - 1];
    }
    owners[size] = owner;
    rows[size] = row;
    times[size] = time;
    lineBytes += owner.lineLength(row);
    hasMetadata |= owner.metadata().length > 0 && owner.metadata()[row] > 0;
    size++;
  }

  /** Adds rows {@code from} to {@code to}. */
  void addAll(HeadRows owner, int from, int to) {
    int count = to - from;
    if (size + count > rows.length) {
      int capacity = Math.max(size + count, size * 2);
      owners = Arrays.copyOf(owners, capacity);
      rows = Arrays.copyOf(rows, capacity);
      times = Arrays.copyOf(times, capacity);
    }
    long[] from64 = owner.timesNs();
    long before = size > 0 ? times[size - 1] : Long.MIN_VALUE;
    for (int row = from, at = size; row < to; row++, at++) {
      long time = from64[row];
      ascends &= time >= before;
      hasEqualTimes |= time == before;
      before = time;
      times[at] = time;
      rows[at] = row;
    }
    Arrays.fill(owners, size, size + count, owner);
    lineBytes += owner.lineEnds()[to - 1] - owner.lineStart(from);
    hasMetadata |= owner.metadata().length > 0;
    size += count;
  }

  /** Call it when all rows were added. */
  public void finish() {
    if (!ascends) {
      sort();
    }
    if (hasEqualTimes) {
      dropEqualRows();
    }
  }

  private void sort() {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    long[] unsorted = times;
    IntArrays.mergeSort(order, (a, b) -> Long.compare(unsorted[a], unsorted[b]));
    HeadRows[] sortedOwners = new HeadRows[owners.length];
    int[] sortedRows = new int[rows.length];
    long[] sortedTimes = new long[times.length];
    for (int i = 0; i < size; i++) {
      sortedOwners[i] = owners[order[i]];
      sortedRows[i] = rows[order[i]];
      sortedTimes[i] = times[order[i]];
      hasEqualTimes |= i > 0 && sortedTimes[i] == sortedTimes[i - 1];
    }
    owners = sortedOwners;
    rows = sortedRows;
    times = sortedTimes;
  }

  private void dropEqualRows() {
    int kept = 0;
    int at = 0;
    Set<RowKey> keys = new HashSet<>();
    while (at < size) {
      int end = at + 1;
      while (end < size && times[end] == times[at]) {
        end++;
      }
      keys.clear();
      for (int i = at; i < end; i++) {
        if (end - at > 1 && !keys.add(key(i))) {
          lineBytes -= owners[i].lineLength(rows[i]);
          continue;
        }
        owners[kept] = owners[i];
        rows[kept] = rows[i];
        times[kept] = times[i];
        kept++;
      }
      at = end;
    }
    Arrays.fill(owners, kept, size, null);
    size = kept;
  }

  private RowKey key(int entry) {
    byte[] copy = new byte[lineLength(entry)];
    copyLine(entry, copy, 0);
    return new RowKey(copy, metadata(entry));
  }

  @Override
  public int togetherUntil(int entry) {
    int end = entry + 1;
    while (end < size && owners[end] == owners[entry] && rows[end] == rows[end - 1] + 1) {
      end++;
    }
    return end;
  }

  @Override
  public void copyLines(int from, int to, byte[] into, int at) {
    HeadRows owner = owners[from];
    int start = owner.lineStart(rows[from]);
    MemorySegment.copy(
        owner.lines(),
        ValueLayout.JAVA_BYTE,
        start,
        into,
        at,
        owner.lineEnds()[rows[to - 1]] - start);
  }

  @Override
  public void copyLine(int entry, byte[] into, int at) {
    HeadRows owner = owners[entry];
    MemorySegment.copy(
        owner.lines(),
        ValueLayout.JAVA_BYTE,
        owner.lineStart(rows[entry]),
        into,
        at,
        owner.lineLength(rows[entry]));
  }

  @Override
  public int lineLength(int entry) {
    return owners[entry].lineLength(rows[entry]);
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
    return size == 0 ? Long.MAX_VALUE : times[0];
  }

  @Override
  public long maxTimeNs() {
    return size == 0 ? Long.MIN_VALUE : times[size - 1];
  }

  @Override
  public long lineBytes() {
    return lineBytes;
  }

  @Override
  public long lineBytes(int fromEntry, int toEntry) {
    long bytes = 0;
    for (int entry = fromEntry; entry < toEntry; entry++) {
      bytes += lineLength(entry);
    }
    return bytes;
  }

  @Override
  public long[] timesNs() {
    return times;
  }

  @Override
  public void line(int entry, LineView into) {
    int length = lineLength(entry);
    if (line.length < length) {
      line = new byte[Math.max(length, line.length * 2)];
    }
    copyLine(entry, line, 0);
    into.bytes = line;
    into.from = 0;
    into.length = length;
  }

  @Override
  public Labels metadata(int entry) {
    return owners[entry].metadataOf(rows[entry]);
  }

  @Override
  public boolean hasMetadata() {
    return hasMetadata;
  }

  @Override
  public @Nullable FieldColumns fields() {
    return null;
  }
}
