// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.part.DamagedPart;
import io.skopos.storage.part.EntryPage;
import io.skopos.storage.part.PageList;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PinnedPage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Finds a series' aggregates; series without any have no entry. Not thread-safe. */
final class AggregatePages implements AutoCloseable {

  private final PinnedPage pages;
  private byte[] bytes = new byte[512];
  private final ByteReader entry = new ByteReader(bytes, 0, 0);

  AggregatePages(PartReader reader, PageList list) {
    pages = new PinnedPage(reader, list);
  }

  /** The aggregates of the series' chunks, in turn, valid until the next call; null for none. */
  @Nullable ByteReader of(int ordinal) throws IOException {
    int pageNumber = pages.pages().pageOf(ordinal);
    if (pageNumber < 0) {
      return null;
    }
    try {
      MemorySegment page = pages.page(pageNumber);
      int low = 0;
      int high = EntryPage.count(page) - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        int end = EntryPage.end(page, middle);
        int start = EntryPage.start(page, middle);
        bytes = EntryPage.copy(page, start, end, bytes);
        entry.reset(bytes, 0, end - start);
        long here = entry.varint();
        if (here == ordinal) {
          return entry;
        }
        if (here < ordinal) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return null;
    } catch (DamagedBytes e) {
      throw pages.damaged(e);
    }
  }

  DamagedPart damaged(DamagedBytes cause) {
    return pages.damaged(cause);
  }

  @Override
  public void close() {
    pages.close();
  }
}
