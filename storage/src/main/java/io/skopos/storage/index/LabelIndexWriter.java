// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.part.EntryPageWriter;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;

/**
 * Writes the label index of a part (docs/formats/label-index.md) while its series go by in label
 * order. Label sets go into pages at once, each with only what differs from the one before;
 * postings wait in memory, about four bytes a label, until {@link #finish}. Not thread-safe.
 */
public final class LabelIndexWriter {

  /** Label sets, or values, between two that are written in full. */
  static final int BLOCK = 16;

  private static final int LABELS_PAGE = 64 << 10;
  private static final int VALUES_PAGE = 32 << 10;
  private static final int POSTINGS_PAGE = 32 << 10;

  /** Postings up to this long stand beside their value. */
  private static final int INLINE_POSTINGS = 12;

  private final MutableLabelIndex index = new MutableLabelIndex();
  private final EntryPageWriter labelPages;
  private final EntryPageWriter valuePages;
  private final EntryPageWriter postingsPages;
  private final ByteWriter block = new ByteWriter(4096);
  private byte[] last = new byte[256];
  private int lastLength;
  private int seriesCount;

  public LabelIndexWriter(PartWriter out) {
    labelPages = new EntryPageWriter(out, PartWriter.Codec.COMPRESSED_SMALL, LABELS_PAGE);
    valuePages = new EntryPageWriter(out, PartWriter.Codec.COMPRESSED_SMALL, VALUES_PAGE);
    postingsPages = new EntryPageWriter(out, PartWriter.Codec.COMPRESSED_SMALL, POSTINGS_PAGE);
  }

  /**
   * Adds the next series; its ordinal is the number of series before it.
   *
   * @throws IllegalArgumentException when it does not sort behind the one before
   */
  public void add(byte[] canonical, int offset, int length) throws IOException {
    if (seriesCount > 0
        && CanonicalLabels.compare(last, 0, lastLength, canonical, offset, offset + length) >= 0) {
      throw new IllegalArgumentException(
          "series " + seriesCount + " does not sort behind the one before");
    }
    index.add(seriesCount, canonical, offset, length);
    int shared = 0;
    if (seriesCount % BLOCK == 0) {
      flushBlock();
    } else {
      shared = Arrays.mismatch(last, 0, lastLength, canonical, offset, offset + length);
      block.varint(shared);
    }
    block.sized(canonical, offset + shared, length - shared);
    if (last.length < length) {
      last = new byte[length * 2];
    }
    System.arraycopy(canonical, offset, last, 0, length);
    lastLength = length;
    seriesCount++;
  }

  private void flushBlock() throws IOException {
    if (block.size > 0) {
      labelPages.add((seriesCount - 1) / BLOCK, block.bytes, 0, block.size);
      block.clear();
    }
  }

  public int seriesCount() {
    return seriesCount;
  }

  /** Roughly what is held in memory. */
  public long heapBytes() {
    return index.heapBytes();
  }

  /** Writes values and postings, and appends what opens the index to the part's footer. */
  public void finish(ByteWriter footer) throws IOException {
    flushBlock();
    MutableLabelIndex.Name[] names = sorted(index.allNames());
    ByteWriter nameTable = new ByteWriter(1024);
    new ValuesWriter(nameTable).write(names);
    footer.varint(seriesCount);
    labelPages.finish(footer);
    valuePages.finish(footer);
    postingsPages.finish(footer);
    footer.varint(names.length);
    footer.put(nameTable.bytes, 0, nameTable.size);
  }

  private static MutableLabelIndex.Name[] sorted(Collection<MutableLabelIndex.Name> names) {
    MutableLabelIndex.Name[] sorted = names.toArray(MutableLabelIndex.Name[]::new);
    Arrays.sort(sorted, (a, b) -> Arrays.compareUnsigned(a.bytes, b.bytes));
    return sorted;
  }

  /** Values by name, in blocks of one name each. */
  private final class ValuesWriter {

    private final ByteWriter nameTable;
    private final ByteWriter body = new ByteWriter(4096);
    private final ByteWriter encoded = new ByteWriter(4096);
    private final PostingsCodec codec = new PostingsCodec();
    private long blocks;
    private long postings;

    ValuesWriter(ByteWriter nameTable) {
      this.nameTable = nameTable;
    }

    void write(MutableLabelIndex.Name[] names) throws IOException {
      for (int i = 0; i < names.length; i++) {
        MutableLabelIndex.Value[] values =
            names[i].byBytes.values().toArray(MutableLabelIndex.Value[]::new);
        Arrays.sort(values, Comparator.comparing(value -> value.bytes, Arrays::compareUnsigned));
        nameTable.sized(names[i].bytes, 0, names[i].bytes.length);
        nameTable.varint(values.length);
        nameTable.varint(names[i].series.count());
        nameTable.varint(blocks);
        nameTable.varint(postings);
        encoded.clear();
        codec.encode(names[i].series, encoded);
        postingsPages.add(postings++, encoded.bytes, 0, encoded.size);
        for (int from = 0; from < values.length; from += BLOCK) {
          block(values, from, Math.min(from + BLOCK, values.length));
        }
      }
    }

    private void block(MutableLabelIndex.Value[] values, int from, int to) throws IOException {
      body.clear();
      body.varint(to - from);
      body.varint(postings);
      for (int i = from; i < to; i++) {
        byte[] value = values[i].bytes;
        int shared = i == from ? 0 : Arrays.mismatch(values[i - 1].bytes, value);
        if (i > from) {
          body.varint(shared);
        }
        body.sized(value, shared, value.length - shared);
        body.varint(values[i].series.count());
        encoded.clear();
        codec.encode(values[i].series, encoded);
        if (encoded.size <= INLINE_POSTINGS) {
          body.sized(encoded.bytes, 0, encoded.size);
        } else {
          body.varint(0);
          postingsPages.add(postings++, encoded.bytes, 0, encoded.size);
        }
      }
      valuePages.add(blocks++, body.bytes, 0, body.size);
    }
  }
}
