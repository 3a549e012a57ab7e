// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.blocks;

import io.skopos.storage.pages.Page;
import io.skopos.storage.pages.PageCache;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Objects that somebody else wrote and nobody changes, read in small pieces: pages of 64 KiB in
 * memory above blocks on the local disk. Thread-safe.
 */
public final class PagedObjects {

  private static final int PAGE = 64 << 10;

  private final BlockCache blocks;
  private final PageCache pages;
  private final String bucket;

  /**
   * @param bucket tells its objects from those of others in the same page cache
   */
  public PagedObjects(BlockCache blocks, PageCache pages, String bucket) {
    this.blocks = blocks;
    this.pages = pages;
    this.bucket = bucket;
  }

  /** An object of a known size. */
  public PagedObject object(String key, long size) {
    return new PagedObject(new RemotePart(key, 0, size), keyOf(key));
  }

  private ByteBuffer keyOf(String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bucket.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return ByteBuffer.wrap(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** One object. Thread-safe. */
  public final class PagedObject {

    private final RemotePart part;
    private final long high;
    private final long low;

    private PagedObject(RemotePart part, ByteBuffer key) {
      this.part = part;
      this.high = key.getLong();
      this.low = key.getLong();
    }

    public String key() {
      return part.key();
    }

    public long size() {
      return part.length();
    }

    /**
     * Fills the buffer.
     *
     * @throws BucketUnavailable when it is not here and cannot be fetched now
     */
    public void read(long offset, ByteBuffer into) throws IOException {
      if (offset < 0 || offset + into.remaining() > size()) {
        throw new EOFException(
            "bytes up to " + (offset + into.remaining()) + " of object " + key() + " of " + size());
      }
      long at = offset;
      while (into.hasRemaining()) {
        long start = at / PAGE * PAGE;
        int length = (int) Math.min(PAGE, size() - start);
        try (Page page = page(start, length)) {
          int from = (int) (at - start);
          int count = Math.min(into.remaining(), length - from);
          into.put(page.bytes().asSlice(from, count).asByteBuffer());
          at += count;
        }
      }
    }

    private Page page(long start, int length) throws IOException {
      Page cached = pages.find(high, low, start);
      if (cached != null) {
        ReadContext.pageHit();
        return cached;
      }
      return pages.load(high, low, start, length, length, this::load);
    }

    private void load(long offset, int storedLength, MemorySegment into) throws IOException {
      ReadContext.pageRead();
      blocks.read(part, offset, into.asByteBuffer());
    }

    /** Begins to fetch what of these bytes is not here, without waiting. */
    public void prefetch(long offset, long length) {
      blocks.prefetch(part, offset, Math.min(length, size() - offset));
    }
  }
}
