// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.part.EntryPage;
import io.skopos.storage.part.PinnedPage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Label sets of a part by ordinal; ascending ordinals continue where the last one ended. Not
 * thread-safe; close it.
 */
public final class SeriesLabels implements AutoCloseable {

  private final PinnedPage pages;
  private final int seriesCount;
  private byte[] blockBytes = new byte[4096];
  private final ByteReader block = new ByteReader(blockBytes, 0, 0);
  private byte[] labels = new byte[512];
  private int length;
  private int current = -1;
  private int blockNumber = -1;

  SeriesLabels(PinnedPage pages, int seriesCount) {
    this.pages = pages;
    this.seriesCount = seriesCount;
  }

  /** Canonical label bytes, new and the caller's. */
  public byte[] canonical(int ordinal) throws IOException {
    if (ordinal < 0 || ordinal >= seriesCount) {
      throw new IndexOutOfBoundsException("series " + ordinal + " of " + seriesCount);
    }
    try {
      int wanted = ordinal / LabelIndexWriter.BLOCK;
      if (wanted != blockNumber || ordinal < current) {
        openBlock(wanted);
      }
      while (current < ordinal) {
        advance();
      }
      CanonicalLabels.check(labels, 0, length);
      return Arrays.copyOf(labels, length);
    } catch (DamagedBytes e) {
      blockNumber = -1;
      throw pages.damaged(e);
    }
  }

  private void openBlock(int number) throws IOException {
    int pageNumber = pages.pages().pageOf(number);
    MemorySegment page = pages.page(pageNumber);
    long entry = number - pages.pages().firstKey(pageNumber);
    int end = EntryPage.end(page, entry);
    int start = EntryPage.start(page, entry);
    blockBytes = EntryPage.copy(page, start, end, blockBytes);
    block.reset(blockBytes, 0, end - start);
    blockNumber = number;
    current = number * LabelIndexWriter.BLOCK - 1;
    length = 0;
  }

  private void advance() {
    boolean restart = (current + 1) % LabelIndexWriter.BLOCK == 0;
    int shared = restart ? 0 : block.count(length, "shared bytes");
    int added = block.count(block.remaining(), "bytes of labels");
    if (labels.length < shared + added) {
      labels = Arrays.copyOf(labels, (shared + added) * 2);
    }
    int at = block.position();
    block.skip(added);
    System.arraycopy(blockBytes, at, labels, shared, added);
    length = shared + added;
    current++;
  }

  @Override
  public void close() {
    pages.close();
  }
}
