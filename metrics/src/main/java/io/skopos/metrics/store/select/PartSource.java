// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.metrics.store.AggregatedSamples;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleMerge;
import io.skopos.metrics.store.SampleSource.AggregatesTest;
import io.skopos.metrics.store.part.MetricsPart;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.index.LabelIndex;
import io.skopos.storage.manifest.DeletionEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/** What a part holds of a selector, without what deletions hide. */
final class PartSource implements SeriesSource {

  /** Of these series, what lies in the range. */
  record Hidden(RoaringBitmap series, TimeRange range) {}

  private final UtcDay day;
  private final int[] ordinals;
  private final MetricsPart.Scan scan;
  private final List<Hidden> hidden;
  private final LabelIndex index;

  PartSource(Snapshot.OpenPart open, List<Matcher> matchers, TimeRange range) throws IOException {
    this.day = open.day();
    this.index = open.part().labelIndex();
    hidden = new ArrayList<>();
    MetricsPart.Scan opened = open.part().scan();
    boolean whole = false;
    try {
      ordinals = select(open, matchers, range, opened, hidden).toArray();
      if (open.part().isRemote()) {
        open.part().readAhead(ordinals);
      }
      whole = true;
    } finally {
      if (!whole) {
        opened.close();
      }
    }
    scan = opened;
  }

  /**
   * The part's series for a selector; those that a deletion hides wholly are left out, those it
   * hides in part go to {@code hidden}.
   */
  static RoaringBitmap select(
      Snapshot.OpenPart open,
      List<Matcher> matchers,
      TimeRange range,
      MetricsPart.Scan scan,
      List<Hidden> hidden)
      throws IOException {
    RoaringBitmap selected = open.part().select(matchers, range);
    for (DeletionEntry entry : open.deletions()) {
      TimeRange deleted = entry.deletion().range();
      RoaringBitmap series = open.part().select(entry.deletion());
      series.and(selected);
      removeWhollyDeleted(series, deleted, selected, scan);
      if (!series.isEmpty()) {
        hidden.add(new Hidden(series, deleted));
      }
    }
    return selected;
  }

  private static void removeWhollyDeleted(
      RoaringBitmap series, TimeRange deleted, RoaringBitmap selected, MetricsPart.Scan scan)
      throws IOException {
    RoaringBitmap gone = new RoaringBitmap();
    for (PeekableIntIterator it = series.getIntIterator(); it.hasNext(); ) {
      int ordinal = it.next();
      TimeRange own = scan.range(ordinal);
      if (deleted.fromMs() <= own.fromMs() && deleted.toMs() >= own.toMs()) {
        gone.add(ordinal);
      }
    }
    selected.andNot(gone);
    series.andNot(gone);
  }

  @Override
  public int size() {
    return ordinals.length;
  }

  @Override
  public Labels labels(int index) throws IOException {
    return scan.labels(ordinals[index]);
  }

  @Override
  public @Nullable SharedLabels shared(List<Matcher> matchers, Collection<String> names)
      throws IOException {
    return SharedLabels.of(index, ordinals, matchers, names);
  }

  @Override
  public void read(int index, long fromMs, long toMs, SampleBuffer into, SampleBuffer spare)
      throws IOException {
    int base = into.size;
    scan.read(ordinals[index], fromMs, toMs, into);
    removeHidden(index, into, base);
  }

  @Override
  public void readTimes(int index, long fromMs, long toMs, SampleBuffer into, SampleBuffer spare)
      throws IOException {
    int base = into.size;
    scan.readTimes(ordinals[index], fromMs, toMs, into);
    removeHidden(index, into, base);
  }

  @Override
  public boolean hasAggregates() {
    return true;
  }

  @Override
  public void readAggregated(
      int index,
      long fromMs,
      long toMs,
      AggregatesTest fits,
      AggregatedSamples into,
      SampleBuffer spare,
      SampleBuffer another)
      throws IOException {
    another.clear();
    if (isPartlyHidden(index)) {
      read(index, fromMs, toMs, another, spare);
    } else {
      scan.readAggregated(
          ordinals[index],
          fromMs,
          toMs,
          fits,
          another,
          aggregates -> {
            into.add(another);
            another.clear();
            into.add(aggregates);
          });
    }
    into.add(another);
  }

  private boolean isPartlyHidden(int index) {
    for (Hidden one : hidden) {
      if (one.series.contains(ordinals[index])) {
        return true;
      }
    }
    return false;
  }

  private void removeHidden(int index, SampleBuffer into, int base) {
    for (Hidden one : hidden) {
      if (one.series.contains(ordinals[index])) {
        SampleMerge.remove(one.range, into, base);
      }
    }
  }

  @Override
  public UtcDay day() {
    return day;
  }

  @Override
  public void close() {
    scan.close();
  }
}
