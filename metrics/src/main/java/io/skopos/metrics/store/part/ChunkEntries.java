// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.part.DamagedPart;
import io.skopos.storage.part.EntryPage;
import io.skopos.storage.part.EntryPageWriter;
import io.skopos.storage.part.PageList;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PinnedPage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * What only some chunks of some series have: entries by series and number of the chunk within it,
 * both written at the entry's begin. Goes forward through a series' chunks. Not thread-safe.
 */
final class ChunkEntries implements AutoCloseable {

  /** A day has fewer chunks of a series: its samples are milliseconds apart. */
  private static final int CHUNK_BITS = 28;

  private final PinnedPage pages;
  private byte[] bytes = new byte[512];
  private final ByteReader entry = new ByteReader(bytes, 0, 0);

  // The entry in view; page is the number of pages when there is none.
  private int page;
  private int index;
  private int ordinal = -1;
  private long chunk;
  private int start;
  private int end;

  ChunkEntries(PartReader reader, PageList list) {
    pages = new PinnedPage(reader, list);
  }

  static void add(
      EntryPageWriter pages, ByteWriter entry, int ordinal, int chunk, byte[] content, int length)
      throws IOException {
    entry.clear();
    entry.varint(ordinal);
    entry.varint(chunk);
    entry.put(content, 0, length);
    pages.add((long) ordinal << CHUNK_BITS | chunk, entry.bytes, 0, entry.size);
  }

  /**
   * Goes to the first entry of the series, or of the next one that has any.
   *
   * @return the series it has; -1 when there is none left
   */
  int seek(int wanted) throws IOException {
    try {
      long key = (long) wanted << CHUNK_BITS;
      page = Math.max(0, pages.pages().pageOf(key));
      if (page == pages.pages().count()) {
        return none();
      }
      int low = 0;
      int high = EntryPage.count(pages.page(page));
      while (low < high) {
        int middle = (low + high) >>> 1;
        look(middle);
        if (ordinal < wanted) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      index = low - 1;
      int found = next();
      if (found >= 0 && found < wanted) {
        throw new DamagedBytes("series " + found + " follows " + wanted);
      }
      return found;
    } catch (DamagedBytes e) {
      throw pages.damaged(e);
    }
  }

  /**
   * The content of the chunk's entry, valid until the next call; null when it has none. After
   * {@link #seek}, in ascending order of chunks.
   */
  @Nullable ByteReader of(int wanted, long wantedChunk) throws IOException {
    try {
      while (ordinal == wanted && chunk < wantedChunk) {
        next();
      }
      if (ordinal != wanted || chunk != wantedChunk) {
        return null;
      }
      bytes = EntryPage.copy(pages.page(page), start, end, bytes);
      entry.reset(bytes, 0, end - start);
      entry.varint();
      entry.varint();
      return entry;
    } catch (DamagedBytes e) {
      throw pages.damaged(e);
    }
  }

  private int next() throws IOException {
    while (page < pages.pages().count()) {
      if (++index < EntryPage.count(pages.page(page))) {
        look(index);
        return ordinal;
      }
      page++;
      index = -1;
    }
    return none();
  }

  private int none() {
    ordinal = -1;
    return -1;
  }

  private void look(int at) throws IOException {
    MemorySegment bytesOfPage = pages.page(page);
    end = EntryPage.end(bytesOfPage, at);
    start = EntryPage.start(bytesOfPage, at);
    int length = Math.min(end - start, 16);
    MemorySegment.copy(bytesOfPage, ValueLayout.JAVA_BYTE, start, bytes, 0, length);
    entry.reset(bytes, 0, length);
    ordinal = entry.count(Integer.MAX_VALUE, "series");
    chunk = entry.varint();
  }

  DamagedPart damaged(DamagedBytes cause) {
    return pages.damaged(cause);
  }

  @Override
  public void close() {
    pages.close();
  }
}
