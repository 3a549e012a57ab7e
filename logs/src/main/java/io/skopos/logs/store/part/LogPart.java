// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import io.skopos.model.Matcher;
import io.skopos.storage.Deletion;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.index.LabelSelection;
import io.skopos.storage.index.SeriesLabels;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.part.EntryPage;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.Parts;
import io.skopos.storage.part.PinnedPage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/**
 * An open part of log entries. Thread-safe; the footer is on the heap, everything else is read
 * through the page cache. Streams are ordinals in label order.
 */
public final class LogPart implements Parts.Opened {

  private final PartReader reader;
  private final LogPartFooter footer;

  private LogPart(PartReader reader, LogPartFooter footer) {
    this.reader = reader;
    this.footer = footer;
  }

  /** For {@link Parts#opened}. */
  public static LogPart open(PartReader reader) throws IOException {
    try {
      return new LogPart(reader, new LogPartFooter(reader));
    } catch (DamagedBytes e) {
      throw reader.damaged(0, reader.entry().length(), "logs footer: " + e.getMessage());
    }
  }

  public PartEntry entry() {
    return reader.entry();
  }

  public int streamCount() {
    return footer.streams;
  }

  public long rows() {
    return footer.rows;
  }

  public long lineBytes() {
    return footer.lineBytes;
  }

  public int blocks() {
    return footer.blocks;
  }

  /** The streams that fit all matchers. The bitmap is the caller's. */
  public RoaringBitmap select(List<Matcher> matchers) throws IOException {
    return LabelSelection.select(footer.labels, matchers);
  }

  /** The streams of which the deletion may hide entries. */
  public RoaringBitmap select(Deletion deletion) throws IOException {
    return LabelSelection.select(footer.labels, deletion.matchers(), deletion.spared());
  }

  /** Reads label sets; close it. */
  public SeriesLabels labels() {
    return footer.labels.labels();
  }

  /** Takes blocks in their order. */
  @FunctionalInterface
  public interface BlockVisitor {
    void visit(int number, BlockEntry block) throws IOException;
  }

  /** Visits the index. */
  public void forEachBlock(BlockVisitor visitor) throws IOException {
    try (PinnedPage pinned = new PinnedPage(reader, footer.index)) {
      byte[] bytes = new byte[4096];
      int number = 0;
      for (int i = 0; i < footer.index.count(); i++) {
        MemorySegment page = pinned.page(i);
        int count = EntryPage.count(page);
        for (int one = 0; one < count; one++) {
          int start = EntryPage.start(page, one);
          int end = EntryPage.end(page, one);
          bytes = EntryPage.copy(page, start, end, bytes);
          BlockEntry entry =
              BlockEntry.decode(
                  new ByteReader(bytes, 0, end - start), footer.streams, entry().length());
          if (entry.filterGroup >= 0
              && !footer.filters.has(entry.filterGroup, entry.filterColumn)) {
            throw new DamagedBytes("a block's filter is not there");
          }
          visitor.visit(number++, entry);
        }
      }
    } catch (DamagedBytes e) {
      throw reader.damaged(0, reader.entry().length(), "index of blocks: " + e.getMessage());
    }
  }

  public void open(BlockEntry entry, Block into) throws IOException {
    into.open(reader, entry);
  }

  /** Whether reading may take the time of requests over the network. */
  public boolean isRemote() {
    return reader.isRemote();
  }

  /** Has pages on their way. */
  public void prefetch(List<BlockEntry> blocks) {
    List<PageRef> pages = new ArrayList<>();
    blocks.forEach(block -> block.addPages(pages));
    reader.prefetch(pages);
  }

  /**
   * What is in a group of filters.
   *
   * @param grams all of which are wanted
   */
  public BitSet filtered(int group, long[] grams) throws IOException {
    try {
      return footer.filters.blocks(reader, group, grams);
    } catch (DamagedBytes e) {
      throw reader.damaged(0, reader.entry().length(), "filters: " + e.getMessage());
    }
  }

  BlockFilters filters() {
    return footer.filters;
  }

  PartReader reader() {
    return reader;
  }

  /** Every page of the part, for those that check them. */
  public List<PageRef> pages() throws IOException {
    List<PageRef> pages = new ArrayList<>();
    footer.labels.addPages(pages);
    footer.index.addTo(pages);
    footer.filters.addPages(pages);
    forEachBlock((_, block) -> block.addPages(pages));
    return pages;
  }

  @Override
  public long heapBytes() {
    return footer.heapBytes();
  }
}
