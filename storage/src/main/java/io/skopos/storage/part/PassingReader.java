// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.pages.Page;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A part for one that goes through all of it, as a merge does. Pages that the cache has are taken
 * from there; others are read for this reader alone and do not drive out what questions use. The
 * last few stay at hand. Not thread-safe.
 */
final class PassingReader implements PartReader {

  private static final int MOST_BYTES = 4 << 20;

  private final StoredPartReader part;
  private final Map<Long, Own> own = new LinkedHashMap<>(16, 0.75f, true);
  private long ownBytes;

  PassingReader(StoredPartReader part) {
    this.part = part;
  }

  /** On the heap, gone with its last use. */
  private record Own(MemorySegment bytes) implements Page {
    @Override
    public void close() {}
  }

  @Override
  public Page page(PageRef ref) throws IOException {
    Page cached = part.cached(ref);
    if (cached != null) {
      return cached;
    }
    Own known = own.get(ref.offset());
    if (known != null) {
      return known;
    }
    Own page = new Own(MemorySegment.ofArray(new byte[ref.length()]));
    part.read(ref, page.bytes());
    own.put(ref.offset(), page);
    ownBytes += ref.length();
    Iterator<Own> eldest = own.values().iterator();
    while (ownBytes > MOST_BYTES && own.size() > 1) {
      ownBytes -= eldest.next().bytes().byteSize();
      eldest.remove();
    }
    return page;
  }

  @Override
  public PartEntry entry() {
    return part.entry();
  }

  @Override
  public byte[] footer() {
    return part.footer();
  }

  @Override
  public boolean isRemote() {
    return part.isRemote();
  }

  @Override
  public void prefetch(List<PageRef> pages) {
    part.prefetch(pages);
  }

  @Override
  public PartReader passing() {
    return this;
  }

  @Override
  public DamagedPart damaged(long offset, long bytes, String what) {
    return part.damaged(offset, bytes, what);
  }
}
