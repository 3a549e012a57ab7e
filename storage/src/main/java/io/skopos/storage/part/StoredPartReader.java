// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.storage.blocks.ReadContext;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.pages.Page;
import io.skopos.storage.pages.PageCache;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pages through the cache; whatever is wrong with one is reported by {@link PartSource}. */
final class StoredPartReader implements PartReader {

  /** Pages so near to each other are asked for together. */
  private static final int NEAR = 64 << 10;

  private final PartSource source;
  private final PartEntry entry;
  private final PartFooter footer;
  private final PageCache cache;
  private final long idHigh;
  private final long idLow;

  StoredPartReader(PartSource source, PartEntry entry, PartFooter footer, PageCache cache) {
    this.source = source;
    this.entry = entry;
    this.footer = footer;
    this.cache = cache;
    this.idHigh = footer.id().high();
    this.idLow = footer.id().low();
  }

  @Override
  public PartEntry entry() {
    return entry;
  }

  PartFooter identity() {
    return footer;
  }

  @Override
  public byte[] footer() {
    return footer.wing();
  }

  @Override
  public Page page(PageRef ref) throws IOException {
    Page cached = cached(ref);
    return cached == null ? load(ref) : cached;
  }

  /** Null when the cache does not have it. */
  @Nullable Page cached(PageRef ref) {
    Page cached = cache.find(idHigh, idLow, ref.offset());
    if (cached != null) {
      ReadContext.pageHit();
    }
    return cached;
  }

  /** Reads the page past the cache. */
  void read(PageRef ref, MemorySegment into) throws IOException {
    source.checkPlace(entry, ref);
    readPage(ref.offset(), ref.storedLength(), into);
  }

  @Override
  public PartReader passing() {
    return new PassingReader(this);
  }

  @Override
  public boolean isRemote() {
    return source.isRemote(entry);
  }

  @Override
  public void prefetch(List<PageRef> pages) {
    long from = -1;
    long to = -1;
    for (PageRef page : pages) {
      if (cache.contains(idHigh, idLow, page.offset())) {
        continue;
      }
      long end = page.offset() + page.storedLength();
      if (from >= 0 && page.offset() >= from && page.offset() <= to + NEAR) {
        to = Math.max(to, end);
        continue;
      }
      prefetch(from, to);
      from = page.offset();
      to = end;
    }
    prefetch(from, to);
  }

  private void prefetch(long from, long to) {
    if (from >= PartFormat.HEADER_LENGTH && to > from && to <= entry.length()) {
      source.prefetch(entry, from, to - from);
    }
  }

  @Override
  public DamagedPart damaged(long offset, long bytes, String what) {
    return source.damaged(entry, offset, bytes, what);
  }

  private Page load(PageRef ref) throws IOException {
    source.checkPlace(entry, ref);
    return cache.load(
        idHigh, idLow, ref.offset(), ref.storedLength(), ref.length(), this::readPage);
  }

  private void readPage(long offset, int storedLength, MemorySegment into) throws IOException {
    ReadContext.pageRead();
    source.readPage(entry, footer.id(), offset, storedLength, into);
  }
}
