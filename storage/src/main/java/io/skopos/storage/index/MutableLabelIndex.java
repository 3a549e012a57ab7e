// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import org.roaringbitmap.RoaringBitmap;

/**
 * The head's label index: one writer adds series, any number of readers select meanwhile without
 * locks. A reader sees every series whose {@link #add} returned before it asked, and perhaps later
 * ones.
 */
public final class MutableLabelIndex implements LabelIndex {

  /**
   * Adds a series; only by the one writer.
   *
   * @param ordinal the number of series added before
   * @param canonical canonical label bytes; copied where needed
   */
  public void add(int ordinal, byte[] canonical, int offset, int length) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Roughly the bytes this index holds on the heap. */
  public long heapBytes() {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public int seriesCount() {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public RoaringBitmap postings(byte[] name, byte[] value) {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public RoaringBitmap postings(byte[] name) {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public int valueCount(byte[] name) {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public void names(Visitor visitor) {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public void values(byte[] name, Visitor visitor) {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public RoaringBitmap matching(byte[] name, LabelPattern pattern, boolean accepted) {
    throw new UnsupportedOperationException("not built yet");
  }
}
