// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.head.DayHead;
import io.skopos.metrics.store.head.LabelOrder;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.Deletion;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/** What a head held of a selector when it was asked. */
final class HeadSource implements SeriesSource {

  private final DayHead head;
  private final int[] ordinals;
  private final long[] main;
  private final long[] side;
  private final List<Hidden> hidden = new ArrayList<>(0);

  /** Of these series, what lies up to a time is hidden. */
  private record Hidden(RoaringBitmap series, long toMs) {}

  /**
   * @param hidden what is left out, each from the beginning of time
   */
  HeadSource(DayHead head, List<Matcher> matchers, TimeRange range, List<Deletion> hidden) {
    this.head = head;
    for (Deletion deletion : hidden) {
      if (deletion.range().toMs() >= head.day().startMs()) {
        this.hidden.add(new Hidden(head.select(deletion), deletion.range().toMs()));
      }
    }
    RoaringBitmap selected = head.select(matchers);
    int[] found = new int[selected.getCardinality()];
    int count = 0;
    for (PeekableIntIterator it = selected.getIntIterator(); it.hasNext(); ) {
      int ordinal = it.next();
      long fromMs = visibleFrom(ordinal, range.fromMs());
      if (fromMs <= range.toMs() && head.touches(ordinal, new TimeRange(fromMs, range.toMs()))) {
        found[count++] = ordinal;
      }
    }
    ordinals = Arrays.copyOf(found, count);
    LabelOrder order = new LabelOrder();
    IntArrays.quickSort(
        ordinals, (left, right) -> left == right ? 0 : order.compare(head, left, head, right));
    main = new long[count];
    side = new long[count];
    head.capture(ordinals, count, main, side);
  }

  @Override
  public int size() {
    return ordinals.length;
  }

  @Override
  public Labels labels(int index) {
    return head.labels(ordinals[index]);
  }

  @Override
  public void read(int index, long fromMs, long toMs, SampleBuffer into, SampleBuffer spare) {
    long visibleFromMs = visibleFrom(ordinals[index], fromMs);
    if (visibleFromMs <= toMs) {
      head.read(main[index], side[index], visibleFromMs, toMs, into, spare);
    }
  }

  private long visibleFrom(int ordinal, long fromMs) {
    long from = fromMs;
    for (Hidden one : hidden) {
      if (one.toMs() >= from && one.series().contains(ordinal)) {
        from = one.toMs() + 1;
      }
    }
    return from;
  }

  @Override
  public UtcDay day() {
    return head.day();
  }

  /** The snapshot holds the head. */
  @Override
  public void close() {}
}
