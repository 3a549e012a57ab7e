// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.storage.bytes.ByteWriter;
import java.io.IOException;
import java.util.Arrays;

/**
 * Collects entries into pages of about equal size, so that one entry is found without touching the
 * others (docs/formats/entry-page.md): how many there are, where each ends, their bytes. An entry
 * never spans pages. Not thread-safe.
 */
public final class EntryPageWriter {

  private final PartWriter out;
  private final PartWriter.Codec codec;
  private final int targetBytes;
  private final PageList.Writer pages = new PageList.Writer();
  private final ByteWriter entries;
  private final ByteWriter page;
  private int[] ends = new int[256];
  private int count;
  private long firstKey;

  public EntryPageWriter(PartWriter out, PartWriter.Codec codec, int targetBytes) {
    this.out = out;
    this.codec = codec;
    this.targetBytes = targetBytes;
    entries = new ByteWriter(targetBytes + targetBytes / 4);
    page = new ByteWriter(targetBytes + targetBytes / 4);
  }

  /** True when the open page has its size; the next {@link #add} then begins another one. */
  public boolean isFull() {
    return entries.size >= targetBytes;
  }

  /**
   * @param key ascends from entry to entry, equal ones allowed; the first of a page goes into the
   *     page list
   */
  public void add(long key, byte[] bytes, int offset, int length) throws IOException {
    if (isFull()) {
      flush();
    }
    if (count == 0) {
      firstKey = key;
    }
    entries.put(bytes, offset, length);
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, count * 2);
    }
    ends[count++] = entries.size;
  }

  /** Writes the open page. */
  public void flush() throws IOException {
    if (count == 0) {
      return;
    }
    boolean wide = entries.size > 0xffff;
    page.clear();
    page.int32(count << 1 | (wide ? 1 : 0));
    for (int i = 0; i < count; i++) {
      if (wide) {
        page.int32(ends[i]);
      } else {
        page.int16(ends[i]);
      }
    }
    page.put(entries.bytes, 0, entries.size);
    pages.add(out.page(page.bytes, 0, page.size, codec), firstKey);
    entries.clear();
    count = 0;
  }

  /** Writes the open page and the list of all pages. */
  public void finish(ByteWriter footer) throws IOException {
    flush();
    pages.finish(footer);
  }

  /** Pages written, the open one included. */
  public int pageCount() {
    return pages.count() + (count > 0 ? 1 : 0);
  }
}
