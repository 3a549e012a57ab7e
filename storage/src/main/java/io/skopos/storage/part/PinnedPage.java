// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.pages.Page;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page of a column read last, kept pinned until another one is wanted: neighbours are read
 * without asking the cache. Not thread-safe; close it.
 */
public final class PinnedPage implements AutoCloseable {

  private final PartReader reader;
  private final PageList pages;
  private @Nullable Page pinned;
  private int number = -1;

  public PinnedPage(PartReader reader, PageList pages) {
    this.reader = reader;
    this.pages = pages;
  }

  /** Valid until the next call, or {@link #close}. */
  public MemorySegment page(int wanted) throws IOException {
    if (pinned != null && number == wanted) {
      return pinned.bytes();
    }
    if (wanted < 0 || wanted >= pages.count()) {
      throw new DamagedBytes("page " + wanted + " of " + pages.count() + " is referred to");
    }
    close();
    pinned = reader.page(pages.ref(wanted));
    number = wanted;
    return pinned.bytes();
  }

  public PageList pages() {
    return pages;
  }

  /** Which part and page could not be understood, for the page read last. */
  public DamagedPart damaged(DamagedBytes cause) {
    String place = number < 0 ? "" : " in the page at byte " + pages.ref(number).offset();
    DamagedPart damaged =
        new DamagedPart(
            "part "
                + reader.entry().object()
                + " at byte "
                + reader.entry().offset()
                + place
                + ": "
                + cause.getMessage(),
            List.of(reader.entry()));
    damaged.initCause(cause);
    return damaged;
  }

  @Override
  public void close() {
    if (pinned != null) {
      pinned.close();
      pinned = null;
      number = -1;
    }
  }
}
