// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Pages of a remote part that will be read soon, gathered so that neighbours come with one request
 * and all of them at the same time. Up to a number of bytes: what is read later must not push out
 * what is read first. Not thread-safe.
 */
public final class PageReadAhead {

  private static final long MOST_BYTES = 64L << 20;

  private final PartReader reader;
  private final List<PageRef> pages = new ArrayList<>();
  private long bytes;

  public PageReadAhead(PartReader reader) {
    this.reader = reader;
  }

  public boolean isFull() {
    return bytes >= MOST_BYTES;
  }

  /** One page; the same one again in a row is left out. */
  public void add(PageList list, int page) {
    if (page < 0 || page >= list.count() || isFull()) {
      return;
    }
    PageRef ref = list.ref(page);
    if (pages.isEmpty() || pages.getLast().offset() != ref.offset()) {
      pages.add(ref);
      bytes += ref.storedLength();
    }
  }

  /** All pages, when they are not more than that. */
  public void addSmall(PageList list, long mostBytes) {
    if (list.storedBytes() <= mostBytes) {
      for (int page = 0; page < list.count(); page++) {
        add(list, page);
      }
    }
  }

  public void start() {
    pages.sort(Comparator.comparingLong(PageRef::offset));
    reader.prefetch(pages);
  }
}
