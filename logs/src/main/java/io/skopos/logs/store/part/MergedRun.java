// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import io.skopos.logs.store.LogRun;
import io.skopos.logs.store.RowKey;
import io.skopos.model.Labels;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Several runs of one stream as one: by time, each of equal rows once. */
public final class MergedRun implements LogRun {

  private final List<? extends LogRun> runs;
  private int size;
  private final int[] owners;
  private final int[] entries;
  private final long[] times;
  private boolean hasMetadata;
  private final LineView view = new LineView();

  /**
   * @param runs at least one; unchanged as long as this is used
   */
  public MergedRun(List<? extends LogRun> runs) {
    this.runs = runs;
    int total = 0;
    for (LogRun run : runs) {
      total += run.size();
      hasMetadata |= run.hasMetadata();
    }
    owners = new int[total];
    entries = new int[total];
    times = new long[total];
    merge();
    dropEqualRows();
  }

  private void merge() {
    int[] next = new int[runs.size()];
    for (int i = 0; i < times.length; i++) {
      int least = -1;
      for (int owner = 0; owner < next.length; owner++) {
        LogRun run = runs.get(owner);
        if (next[owner] < run.size()
            && (least < 0 || run.timesNs()[next[owner]] < runs.get(least).timesNs()[next[least]])) {
          least = owner;
        }
      }
      owners[i] = least;
      entries[i] = next[least];
      times[i] = runs.get(least).timesNs()[next[least]];
      next[least]++;
    }
  }

  private void dropEqualRows() {
    Set<RowKey> keys = new HashSet<>();
    int at = 0;
    while (at < times.length) {
      int end = at + 1;
      boolean ofSeveral = false;
      while (end < times.length && times[end] == times[at]) {
        ofSeveral |= owners[end] != owners[at];
        end++;
      }
      keys.clear();
      for (int i = at; i < end; i++) {
        if (ofSeveral && !keys.add(key(i))) {
          continue;
        }
        owners[size] = owners[i];
        entries[size] = entries[i];
        times[size] = times[i];
        size++;
      }
      at = end;
    }
  }

  private RowKey key(int i) {
    LogRun run = runs.get(owners[i]);
    run.line(entries[i], view);
    return new RowKey(
        Arrays.copyOfRange(view.bytes, view.from, view.from + view.length),
        run.metadata(entries[i]));
  }

  @Override
  public Labels stream() {
    return runs.getFirst().stream();
  }

  @Override
  public int streamNumber() {
    return runs.getFirst().streamNumber();
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
    return lineBytes(0, size);
  }

  @Override
  public long lineBytes(int fromEntry, int toEntry) {
    long bytes = 0;
    for (int i = fromEntry; i < toEntry; i++) {
      bytes += runs.get(owners[i]).lineBytes(entries[i], entries[i] + 1);
    }
    return bytes;
  }

  @Override
  public long roughLineBytes() {
    long bytes = 0;
    for (LogRun run : runs) {
      bytes += run.roughLineBytes();
    }
    return bytes;
  }

  @Override
  public long[] timesNs() {
    return times;
  }

  @Override
  public void line(int entry, LineView into) {
    runs.get(owners[entry]).line(entries[entry], into);
  }

  @Override
  public Labels metadata(int entry) {
    return hasMetadata ? runs.get(owners[entry]).metadata(entries[entry]) : Labels.EMPTY;
  }

  @Override
  public boolean fitsConditions() {
    for (LogRun run : runs) {
      if (!run.fitsConditions()) {
        return false;
      }
    }
    return true;
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
