// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.storage.part.PageList;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * How many bytes of a part each series takes, from the sizes of the pages of values alone: the
 * series of one page share it evenly, and what is not values (labels, times, aggregates) is added
 * in proportion, so that all series together take what the part takes. Nothing is read. Immutable.
 */
public final class SeriesBytes {

  private final PageList pages;
  private final double[] perSeries;

  SeriesBytes(PageList pages, int seriesCount, long partBytes) {
    this.pages = pages;
    double scale = (double) partBytes / Math.max(1, pages.storedBytes());
    perSeries = new double[pages.count()];
    for (int page = 0; page < perSeries.length; page++) {
      long first = pages.firstKey(page) >>> 1;
      boolean isLast = page + 1 == perSeries.length;
      long next = isLast ? seriesCount : pages.firstKey(page + 1) >>> 1;
      boolean continues = !isLast && (pages.firstKey(page + 1) & 1) != 0;
      long count = Math.max(1, next - first + (continues ? 1 : 0));
      perSeries[page] = pages.ref(page).storedLength() * scale / count;
    }
  }

  public double of(int ordinal) {
    long key = (long) ordinal << 1;
    int page = pages.pageOf(key);
    if (page < 0) {
      return 0;
    }
    double sum = perSeries[page];
    while (page + 1 < perSeries.length && pages.firstKey(page + 1) == (key | 1)) {
      sum += perSeries[++page];
    }
    return sum;
  }

  public double of(RoaringBitmap series) {
    double sum = 0;
    for (PeekableIntIterator it = series.getIntIterator(); it.hasNext(); ) {
      sum += of(it.next());
    }
    return sum;
  }
}
