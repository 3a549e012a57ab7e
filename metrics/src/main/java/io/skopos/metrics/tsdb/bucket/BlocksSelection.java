// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.bucket;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The union of blocks by labels. Of a series' samples in several blocks those of equal times are
 * one. Not thread-safe.
 */
final class BlocksSelection implements SampleSource.Selection {

  /** A time, a value, and the copy while the buffer grows. */
  private static final int BUFFERED_BYTES = 32;

  private final List<BlockSource> sources;
  private final Set<String> warnings;
  private final TimeRange range;
  private final QueryBudget budget;
  private final List<Labels> labels = new ArrayList<>();

  /** Of series i: pairs (source, index there) from {@code starts[i]} to {@code starts[i + 1]}. */
  private final IntArrayList starts = new IntArrayList();

  private final IntArrayList refs = new IntArrayList();
  private long heldBytes;

  /**
   * Takes over the sources.
   *
   * @param warnings gets more of them as samples are read
   */
  BlocksSelection(
      List<BlockSource> sources, Set<String> warnings, TimeRange range, QueryBudget budget) {
    this.sources = sources;
    this.warnings = warnings;
    this.range = range;
    this.budget = budget;
    merge();
  }

  private static final class Cursor {
    final int source;
    int index;

    Cursor(int source) {
      this.source = source;
    }
  }

  private void merge() {
    PriorityQueue<Cursor> queue =
        new PriorityQueue<>(
            Math.max(1, sources.size()),
            (left, right) -> {
              int order = labelsAt(left).compareTo(labelsAt(right));
              return order != 0 ? order : Integer.compare(left.source, right.source);
            });
    for (int i = 0; i < sources.size(); i++) {
      if (sources.get(i).size() > 0) {
        queue.add(new Cursor(i));
      }
    }
    while (!queue.isEmpty()) {
      Cursor cursor = queue.poll();
      Labels current = labelsAt(cursor);
      if (labels.isEmpty() || !labels.getLast().equals(current)) {
        starts.add(refs.size());
        labels.add(current);
        budget.addSeries(1);
      }
      refs.add(cursor.source);
      refs.add(cursor.index);
      if (++cursor.index < sources.get(cursor.source).size()) {
        queue.add(cursor);
      }
    }
    starts.add(refs.size());
  }

  private Labels labelsAt(Cursor cursor) {
    return sources.get(cursor.source).labels(cursor.index);
  }

  @Override
  public int size() {
    return labels.size();
  }

  @Override
  public Labels labels(int index) {
    return labels.get(index);
  }

  @Override
  public void read(int index, long fromMs, long toMs, SampleBuffer into) {
    long from = Math.max(fromMs, range.fromMs());
    long to = Math.min(toMs, range.toMs());
    int base = into.size;
    for (int ref = starts.getInt(index); ref < starts.getInt(index + 1); ref += 2) {
      BlockSource source = sources.get(refs.getInt(ref));
      try {
        source.read(refs.getInt(ref + 1), from, to, into, base);
      } catch (IOException e) {
        warnings.add(BucketSamples.warning(source.block(), e));
      }
      long bytes = (long) (into.size - base) * BUFFERED_BYTES;
      if (bytes > heldBytes) {
        budget.addBytes(bytes - heldBytes);
        heldBytes = bytes;
      }
    }
    budget.readSamples(into.size - base);
  }

  @Override
  public List<String> warnings() {
    return List.copyOf(new LinkedHashSet<>(warnings));
  }

  @Override
  public void close() {
    for (BlockSource source : sources) {
      try {
        source.close();
      } catch (IOException e) {
        // Nothing is held that a failure to let go of could lose.
      }
    }
    sources.clear();
  }
}
