// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.Arrays;
import java.util.List;

/**
 * Where the pages of one column lie and the key of each one's first entry; a few bytes a page in
 * the footer, four words a page on the heap. Immutable.
 */
public final class PageList {

  private final long[] offsets;
  private final int[] storedLengths;
  private final int[] lengths;
  private final long[] firstKeys;

  private PageList(long[] offsets, int[] storedLengths, int[] lengths, long[] firstKeys) {
    this.offsets = offsets;
    this.storedLengths = storedLengths;
    this.lengths = lengths;
    this.firstKeys = firstKeys;
  }

  /**
   * @param partLength no page may end behind it
   * @throws DamagedBytes when this cannot be a page list
   */
  public static PageList read(ByteReader in, long partLength) {
    int count = in.count(in.remaining() / 4, "pages");
    long[] offsets = new long[count];
    int[] storedLengths = new int[count];
    int[] lengths = new int[count];
    long[] firstKeys = new long[count];
    long end = 0;
    long key = 0;
    for (int i = 0; i < count; i++) {
      offsets[i] = end + in.varint();
      storedLengths[i] = in.count(Integer.MAX_VALUE, "stored bytes of a page");
      lengths[i] = in.count(Integer.MAX_VALUE, "bytes of a page");
      end = offsets[i] + storedLengths[i];
      if (offsets[i] < 0 || end < 0 || end > partLength) {
        throw new DamagedBytes(
            "a page from " + offsets[i] + " to " + end + " in a part of " + partLength + " bytes");
      }
      key += in.varint();
      firstKeys[i] = key;
      if (key < 0) {
        throw new DamagedBytes("a page begins with the key " + key);
      }
    }
    return new PageList(offsets, storedLengths, lengths, firstKeys);
  }

  public int count() {
    return offsets.length;
  }

  public PageRef ref(int page) {
    return new PageRef(offsets[page], storedLengths[page], lengths[page]);
  }

  public void addTo(List<PageRef> pages) {
    for (int page = 0; page < offsets.length; page++) {
      pages.add(ref(page));
    }
  }

  public long firstKey(int page) {
    return firstKeys[page];
  }

  /** The last page whose first key is at most {@code key}; -1 when there is none. */
  public int pageOf(long key) {
    int found = Arrays.binarySearch(firstKeys, key);
    if (found < 0) {
      return -found - 2;
    }
    while (found + 1 < firstKeys.length && firstKeys[found + 1] == key) {
      found++;
    }
    return found;
  }

  /** All pages' bytes on disk. */
  public long storedBytes() {
    long sum = 0;
    for (int length : storedLengths) {
      sum += length;
    }
    return sum;
  }

  public long heapBytes() {
    return 128 + 24L * offsets.length;
  }

  /** Collects pages in the order they are written. */
  public static final class Writer {

    private final ByteWriter list = new ByteWriter(256);
    private int count;
    private long end;
    private long key;

    public void add(PageRef page, long firstKey) {
      list.varint(page.offset() - end);
      list.varint(page.storedLength());
      list.varint(page.length());
      list.varint(firstKey - key);
      end = page.offset() + page.storedLength();
      key = firstKey;
      count++;
    }

    int count() {
      return count;
    }

    public void finish(ByteWriter footer) {
      footer.varint(count);
      footer.put(list.bytes, 0, list.size);
    }
  }
}
