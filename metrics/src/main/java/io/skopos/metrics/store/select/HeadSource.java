// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.head.DayHead;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import it.unimi.dsi.fastutil.ints.IntArrays;
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

  HeadSource(DayHead head, List<Matcher> matchers, TimeRange range) {
    this.head = head;
    RoaringBitmap selected = head.select(matchers);
    int[] found = new int[selected.getCardinality()];
    int count = 0;
    for (PeekableIntIterator it = selected.getIntIterator(); it.hasNext(); ) {
      int ordinal = it.next();
      if (head.touches(ordinal, range)) {
        found[count++] = ordinal;
      }
    }
    ordinals = Arrays.copyOf(found, count);
    IntArrays.quickSort(
        ordinals, (left, right) -> left == right ? 0 : head.compareLabels(left, head, right));
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
    head.read(main[index], side[index], fromMs, toMs, into, spare);
  }

  @Override
  public UtcDay day() {
    return head.day();
  }

  /** The snapshot holds the head. */
  @Override
  public void close() {}
}
