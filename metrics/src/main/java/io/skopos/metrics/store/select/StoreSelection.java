// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.engine.QueryBudget;
import io.skopos.engine.histogram.HistogramSize;
import io.skopos.metrics.store.AggregatedSamples;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleMerge;
import io.skopos.metrics.store.SampleSource;
import io.skopos.metrics.store.SampleSource.AggregatesTest;
import io.skopos.metrics.store.head.DayHead;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.model.histogram.NativeHistogram;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The union of all sources by labels. Sources stand by day and, within a day, by position; so the
 * samples of a series follow each other where days change, and within a day a later source's win.
 */
final class StoreSelection implements SampleSource.Selection {

  /** What a selected series costs beside its label bytes. */
  private static final int SERIES_BYTES = 64;

  /** The unit in which histograms are counted. */
  private static final int SAMPLE_BYTES = 16;

  /** A time, a value, and the copy while the buffer grows. */
  private static final int BUFFERED_BYTES = 32;

  private final Snapshot snapshot;
  private final TimeRange range;
  private final QueryBudget budget;
  private final List<SeriesSource> sources = new ArrayList<>();
  private final List<Labels> labels = new ArrayList<>();

  /** Instead of {@link #labels}, when there is but one source and it can tell them so. */
  private @Nullable SharedLabels shared;

  private int seriesCount;

  /**
   * Of series i: pairs (source, index there) from {@code starts[i]} to {@code starts[i + 1]}. Of
   * the only source: the index there at i.
   */
  private final IntArrayList starts = new IntArrayList();

  private final IntArrayList refs = new IntArrayList();
  private final SampleBuffer later = new SampleBuffer(16);
  private final SampleBuffer spare = new SampleBuffer(16);
  private final SampleBuffer day = new SampleBuffer(16);
  private long heldBytes;

  /**
   * Takes over the snapshot.
   *
   * @param names of the labels that are looked at; null for all
   */
  StoreSelection(
      Snapshot snapshot,
      List<Matcher> matchers,
      TimeRange range,
      @Nullable Collection<String> names,
      QueryBudget budget) {
    this.snapshot = snapshot;
    this.range = range;
    this.budget = budget;
    boolean whole = false;
    try {
      addSources(matchers);
      if (sources.size() == 1) {
        shared = names == null ? null : shared(sources.getFirst(), matchers, names);
        if (shared == null) {
          readLabels(sources.getFirst());
        } else {
          seriesCount = sources.getFirst().size();
        }
        budget.addSeries(seriesCount);
      } else {
        merge();
        seriesCount = labels.size();
      }
      whole = true;
    } finally {
      if (!whole) {
        close();
      }
    }
  }

  private void addSources(List<Matcher> matchers) {
    new PartSelection(matchers, range, budget)
        .select(snapshot.parts(), this::add, (part, failure) -> snapshot.warn(part.day(), failure));
    for (DayHead head : snapshot.heads()) {
      budget.checkRunning();
      add(new HeadSource(head, matchers, range, snapshot.hidden()));
    }
    // Stable: parts before heads, each by position.
    sources.sort(Comparator.comparing(SeriesSource::day));
  }

  private void add(SeriesSource source) {
    if (source.size() > 0) {
      sources.add(source);
    } else {
      source.close();
    }
  }

  private @Nullable SharedLabels shared(
      SeriesSource source, List<Matcher> matchers, Collection<String> names) {
    try {
      return source.shared(matchers, names);
    } catch (IOException e) {
      // What is damaged is told when label sets are read.
      return null;
    }
  }

  /** Of the only source: nothing is to be merged. */
  private void readLabels(SeriesSource source) {
    for (int i = 0; i < source.size(); i++) {
      try {
        Labels own = source.labels(i);
        budget.addBytes(own.canonicalBytes().length + SERIES_BYTES);
        labels.add(own);
        refs.add(i);
      } catch (IOException e) {
        snapshot.warn(source.day(), e);
      }
      if ((i & 0xff) == 0) {
        budget.checkRunning();
      }
    }
    seriesCount = labels.size();
  }

  private static final class Cursor {
    final int source;
    int index = -1;
    Labels labels = Labels.EMPTY;

    Cursor(int source) {
      this.source = source;
    }
  }

  private void merge() {
    PriorityQueue<Cursor> queue =
        new PriorityQueue<>(
            Math.max(1, sources.size()),
            (left, right) -> {
              int order = left.labels.compareTo(right.labels);
              return order != 0 ? order : Integer.compare(left.source, right.source);
            });
    for (int i = 0; i < sources.size(); i++) {
      offerNext(queue, new Cursor(i));
    }
    @Nullable Labels current = null;
    while (!queue.isEmpty()) {
      Cursor cursor = queue.poll();
      if (current == null || !current.equals(cursor.labels)) {
        current = cursor.labels;
        starts.add(refs.size());
        labels.add(current);
        budget.addSeries(1);
        budget.addBytes(current.canonicalBytes().length + SERIES_BYTES);
        if ((labels.size() & 0xff) == 0) {
          budget.checkRunning();
        }
      }
      refs.add(cursor.source);
      refs.add(cursor.index);
      offerNext(queue, cursor);
    }
    starts.add(refs.size());
  }

  private void offerNext(PriorityQueue<Cursor> queue, Cursor cursor) {
    SeriesSource source = sources.get(cursor.source);
    while (++cursor.index < source.size()) {
      try {
        cursor.labels = source.labels(cursor.index);
        queue.add(cursor);
        return;
      } catch (IOException e) {
        snapshot.warn(source.day(), e);
      }
    }
  }

  @Override
  public int size() {
    return seriesCount;
  }

  @Override
  public Labels labels(int index) {
    return shared == null ? labels.get(index) : shared.labels(index);
  }

  @Override
  public void read(int index, long fromMs, long toMs, SampleBuffer into) {
    read(index, fromMs, toMs, into, false);
  }

  @Override
  public void readTimes(int index, long fromMs, long toMs, SampleBuffer into) {
    read(index, fromMs, toMs, into, true);
  }

  private void read(int index, long fromMs, long toMs, SampleBuffer into, boolean onlyTimes) {
    long from = Math.max(fromMs, range.fromMs());
    long to = Math.min(toMs, range.toMs());
    int base = into.size;
    long histogramSamples = 0;
    if (sources.size() == 1) {
      SeriesSource only = sources.getFirst();
      try {
        read(only, shared == null ? refs.getInt(index) : index, from, to, into, onlyTimes);
      } catch (IOException e) {
        snapshot.warn(only.day(), e);
      }
      long more = beyondFloats(into, base);
      budget.readSamples(into.size - base + more);
      if (more != 0) {
        hold(more * SAMPLE_BYTES);
      }
      return;
    }
    for (int ref = starts.getInt(index); ref < starts.getInt(index + 1); ref += 2) {
      SeriesSource source = sources.get(refs.getInt(ref));
      if (source.day().startMs() > to || source.day().endMs() < from) {
        continue;
      }
      int before = into.size;
      try {
        if (before == base) {
          read(source, refs.getInt(ref + 1), from, to, into, onlyTimes);
        } else {
          later.clear();
          read(source, refs.getInt(ref + 1), from, to, later, onlyTimes);
          SampleMerge.into(into, base, later);
        }
      } catch (IOException e) {
        snapshot.warn(source.day(), e);
      }
      long more = beyondFloats(into, before);
      budget.readSamples(into.size - before + more);
      histogramSamples += more;
      hold((long) (into.size - base) * BUFFERED_BYTES + histogramSamples * SAMPLE_BYTES);
    }
  }

  @Override
  public boolean readAggregated(
      int index, long fromMs, long toMs, AggregatesTest fits, AggregatedSamples into) {
    if (sources.stream().noneMatch(SeriesSource::hasAggregates)) {
      return false;
    }
    long from = Math.max(fromMs, range.fromMs());
    long to = Math.min(toMs, range.toMs());
    boolean single = sources.size() == 1;
    int ref = single ? 0 : starts.getInt(index);
    int end = single ? 2 : starts.getInt(index + 1);
    while (ref < end) {
      SeriesSource source = sources.get(single ? 0 : refs.getInt(ref));
      int next = ref + 2;
      while (next < end && sources.get(refs.getInt(next)).day().equals(source.day())) {
        next += 2;
      }
      if (source.day().startMs() <= to && source.day().endMs() >= from) {
        int before = into.size;
        if (next == ref + 2) {
          int own = !single ? refs.getInt(ref + 1) : shared == null ? refs.getInt(index) : index;
          readAggregated(source, own, from, to, fits, into);
        } else {
          readMerged(ref, next, from, to);
          into.add(day);
        }
        if (into.saveNothing()) {
          return false;
        }
        budget.readSamples(into.size - before);
      }
      ref = next;
    }
    return true;
  }

  private void readAggregated(
      SeriesSource source,
      int own,
      long from,
      long to,
      AggregatesTest fits,
      AggregatedSamples into) {
    try {
      source.readAggregated(own, from, to, fits, into, spare, day);
    } catch (IOException e) {
      snapshot.warn(source.day(), e);
    }
  }

  /** A day's samples of several sources, of which the later ones win. */
  private void readMerged(int fromRef, int toRef, long from, long to) {
    day.clear();
    for (int ref = fromRef; ref < toRef; ref += 2) {
      SeriesSource source = sources.get(refs.getInt(ref));
      try {
        later.clear();
        source.read(refs.getInt(ref + 1), from, to, later, spare);
        SampleMerge.into(day, 0, later);
      } catch (IOException e) {
        snapshot.warn(source.day(), e);
      }
    }
  }

  private void read(
      SeriesSource source, int index, long from, long to, SampleBuffer into, boolean onlyTimes)
      throws IOException {
    if (onlyTimes) {
      source.readTimes(index, from, to, into, spare);
    } else {
      source.read(index, from, to, into, spare);
    }
  }

  /**
   * Charges what one series' samples take while they are read. The next series' take their place,
   * so that only the most counts; a range of years is stopped after some days.
   */
  private void hold(long bytes) {
    if (bytes > heldBytes) {
      budget.addBytes(bytes - heldBytes);
      heldBytes = bytes;
    }
  }

  /** What the histograms from index {@code from} on count for more than as many floats. */
  private static long beyondFloats(SampleBuffer samples, int from) {
    @Nullable NativeHistogram[] histograms = samples.histograms;
    long more = 0;
    for (int i = from; histograms != null && i < samples.size; i++) {
      NativeHistogram histogram = histograms[i];
      more += histogram == null ? 0 : HistogramSize.inSamples(histogram) - 1;
    }
    return more;
  }

  @Override
  public List<String> warnings() {
    return snapshot.warnings();
  }

  @Override
  public void close() {
    sources.forEach(SeriesSource::close);
    sources.clear();
    snapshot.close();
  }
}
