// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.chunk.TimeColumn;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.part.EntryPage;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PinnedPage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Time columns by number, decoded once for all series that share them: what one scan looked at
 * lately stays, up to about 8 MiB of times. Not thread-safe.
 */
final class TimeColumns implements AutoCloseable {

  private static final int SLOTS = 1024;
  private static final int MAX_KEPT_TIMES = 1 << 20;

  private final PinnedPage pages;
  private final int count;
  private final @Nullable TimeColumn[] slots = new @Nullable TimeColumn[SLOTS];
  private final int[] numbers = new int[SLOTS];
  private int keptTimes;
  private byte[] bytes = new byte[256];
  private final ByteReader entry = new ByteReader(bytes, 0, 0);

  TimeColumns(PartReader reader, PartFooter footer) {
    pages = new PinnedPage(reader, footer.times);
    count = footer.timeColumnCount;
  }

  TimeColumn get(int number) throws IOException {
    int slot = number & (SLOTS - 1);
    TimeColumn column = slots[slot];
    return column != null && numbers[slot] == number ? column : read(number, slot);
  }

  private TimeColumn read(int number, int slot) throws IOException {
    TimeColumn column;
    try {
      if (number >= count) {
        throw new DamagedBytes("time column " + number + " of " + count);
      }
      int pageNumber = pages.pages().pageOf(number);
      MemorySegment page = pages.page(pageNumber);
      long at = number - pages.pages().firstKey(pageNumber);
      int end = EntryPage.end(page, at);
      int start = EntryPage.start(page, at);
      bytes = EntryPage.copy(page, start, end, bytes);
      entry.reset(bytes, 0, end - start);
      column = TimeColumn.read(entry);
    } catch (DamagedBytes e) {
      throw pages.damaged(e);
    }
    keptTimes += column.size();
    if (keptTimes > MAX_KEPT_TIMES) {
      Arrays.fill(slots, null);
      keptTimes = column.size();
    }
    slots[slot] = column;
    numbers[slot] = number;
    return column;
  }

  @Override
  public void close() {
    pages.close();
  }
}
