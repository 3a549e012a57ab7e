// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.pages.Page;
import io.skopos.storage.part.DamagedPart;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PartWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A part whose pages and footer lie in memory without compression and checksum, so that a test can
 * change any byte and see what the decoders above make of it.
 */
public final class PartInMemory implements PartWriter, PartReader {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private byte[] pages = {};
  private byte[] footer = {};

  public PartInMemory() {}

  public PartInMemory(byte[] pages, byte[] footer) {
    this.pages = pages;
    this.footer = footer;
  }

  @Override
  public PageRef page(byte[] bytes, int offset, int length, Codec codec) {
    PageRef ref = new PageRef(written.size(), length, length);
    written.write(bytes, offset, length);
    return ref;
  }

  @Override
  public long position() {
    return written.size();
  }

  @Override
  public PartEntry finish(byte[] wingFooter, Summary summary) {
    pages = written.toByteArray();
    footer = wingFooter.clone();
    return entry();
  }

  @Override
  public PartEntry entry() {
    return new PartEntry("memory", 0, pages.length, 1, Long.MIN_VALUE, Long.MAX_VALUE, 0, 0, 0);
  }

  /** Those of all pages: not a copy. */
  public byte[] pages() {
    return pages;
  }

  @Override
  public byte[] footer() {
    return footer;
  }

  @Override
  public DamagedPart damaged(long offset, long bytes, String what) {
    return new DamagedPart(bytes + " bytes at " + offset + ": " + what, List.of());
  }

  @Override
  public Page page(PageRef ref) throws IOException {
    // As the stored form does, whose pages have the length they say or are damaged.
    if (ref.length() != ref.storedLength()
        || ref.offset() < 0
        || ref.offset() + ref.storedLength() > pages.length) {
      throw new DamagedPart("memory: page at " + ref.offset() + " of " + pages.length, List.of());
    }
    MemorySegment bytes = MemorySegment.ofArray(pages).asSlice(ref.offset(), ref.storedLength());
    return new Page() {
      @Override
      public MemorySegment bytes() {
        return bytes;
      }

      @Override
      public void close() {
        // nothing is pinned
      }
    };
  }

  @Override
  public void close() {
    // nothing to remove
  }

  @Override
  public PartReader passing() {
    return this;
  }

  @Override
  public boolean isRemote() {
    return false;
  }

  @Override
  public void prefetch(List<PageRef> pages) {}
}
