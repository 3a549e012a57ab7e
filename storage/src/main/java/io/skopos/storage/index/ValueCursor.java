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
import org.roaringbitmap.RoaringBitmap;

/** Walks, or searches, the values of one label in a part. Not thread-safe. */
final class ValueCursor implements AutoCloseable {

  private final PinnedPage valuePages;
  private final PinnedPage postingsPages;
  private final LabelIndexReader.NameEntry name;
  private final int seriesCount;
  private final long blockCount;

  private byte[] blockBytes = new byte[2048];
  private final ByteReader block = new ByteReader(blockBytes, 0, 0);
  private long blockNumber = -1;
  private int leftInBlock;
  private boolean restart;
  private long nextPostings;

  private byte[] value = new byte[128];
  private int valueLength;
  private int series;
  private int inlineAt;
  private int inlineLength;
  private long postingsAt;

  private byte[] postingsBytes = new byte[1024];
  private final ByteReader postings = new ByteReader(postingsBytes, 0, 0);

  ValueCursor(
      PinnedPage valuePages,
      PinnedPage postingsPages,
      LabelIndexReader.NameEntry name,
      int seriesCount) {
    this.valuePages = valuePages;
    this.postingsPages = postingsPages;
    this.name = name;
    this.seriesCount = seriesCount;
    this.blockCount = (name.valueCount + LabelIndexWriter.BLOCK - 1L) / LabelIndexWriter.BLOCK;
  }

  /** Moves to the next value, at first to the first one. */
  boolean next() throws IOException {
    try {
      while (leftInBlock == 0) {
        if (blockNumber + 1 >= blockCount) {
          return false;
        }
        openBlock(blockNumber + 1);
      }
      readValue();
      return true;
    } catch (DamagedBytes e) {
      throw valuePages.damaged(e);
    }
  }

  /** Moves to exactly this value; false when the label does not have it. */
  boolean seek(byte[] wanted) throws IOException {
    try {
      long low = 0;
      long high = blockCount - 1;
      while (low < high) {
        long middle = (low + high + 1) >>> 1;
        openBlock(middle);
        readValue();
        if (compare(wanted) <= 0) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      if (high < 0) {
        return false;
      }
      openBlock(low);
      while (leftInBlock > 0) {
        readValue();
        int order = compare(wanted);
        if (order >= 0) {
          return order == 0;
        }
      }
      return false;
    } catch (DamagedBytes e) {
      throw valuePages.damaged(e);
    }
  }

  private int compare(byte[] wanted) {
    return Arrays.compareUnsigned(value, 0, valueLength, wanted, 0, wanted.length);
  }

  private void openBlock(long number) throws IOException {
    long key = name.firstBlock + number;
    int pageNumber = valuePages.pages().pageOf(key);
    MemorySegment page = valuePages.page(pageNumber);
    long entry = key - valuePages.pages().firstKey(pageNumber);
    int end = EntryPage.end(page, entry);
    int start = EntryPage.start(page, entry);
    blockBytes = EntryPage.copy(page, start, end, blockBytes);
    block.reset(blockBytes, 0, end - start);
    leftInBlock = block.count(LabelIndexWriter.BLOCK, "values in a block");
    nextPostings = block.varint();
    blockNumber = number;
    restart = true;
  }

  private void readValue() {
    int shared = restart ? 0 : block.count(valueLength, "shared bytes");
    restart = false;
    int added = block.count(block.remaining(), "bytes of a label value");
    if (value.length < shared + added) {
      value = Arrays.copyOf(value, (shared + added) * 2);
    }
    int at = block.position();
    block.skip(added);
    System.arraycopy(blockBytes, at, value, shared, added);
    valueLength = shared + added;
    series = block.count(seriesCount, "series");
    inlineLength = block.count(block.remaining(), "bytes of postings");
    inlineAt = block.position();
    block.skip(inlineLength);
    if (inlineLength == 0) {
      postingsAt = nextPostings++;
    }
    leftInBlock--;
  }

  /** The current value; overwritten by the next move. */
  byte[] value() {
    return value;
  }

  int valueLength() {
    return valueLength;
  }

  /** How many series have the current value. */
  int series() {
    return series;
  }

  RoaringBitmap postings() throws IOException {
    BitmapBuilder builder = new BitmapBuilder();
    postings(builder);
    return builder.get();
  }

  void postings(LabelIndex.RunVisitor into) throws IOException {
    if (inlineLength == 0) {
      read(postingsAt, into);
      return;
    }
    try {
      postings.reset(blockBytes, inlineAt, inlineAt + inlineLength);
      PostingsCodec.decode(postings, seriesCount, into);
    } catch (DamagedBytes e) {
      throw valuePages.damaged(e);
    }
  }

  /** The series that have the label at all. */
  RoaringBitmap nameSeries() throws IOException {
    BitmapBuilder builder = new BitmapBuilder();
    read(name.postings, builder);
    return builder.get();
  }

  private void read(long number, LabelIndex.RunVisitor into) throws IOException {
    try {
      int pageNumber = postingsPages.pages().pageOf(number);
      MemorySegment page = postingsPages.page(pageNumber);
      long entry = number - postingsPages.pages().firstKey(pageNumber);
      int end = EntryPage.end(page, entry);
      int start = EntryPage.start(page, entry);
      postingsBytes = EntryPage.copy(page, start, end, postingsBytes);
      postings.reset(postingsBytes, 0, end - start);
      PostingsCodec.decode(postings, seriesCount, into);
    } catch (DamagedBytes e) {
      throw postingsPages.damaged(e);
    }
  }

  @Override
  public void close() {
    valuePages.close();
    postingsPages.close();
  }
}
