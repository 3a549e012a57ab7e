// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.tsdb.chunk.AggregateChunk.Aggregate;
import io.skopos.model.Labels;
import java.io.IOException;
import java.util.List;

/** One series of a block; its chunks are read when asked for. Valid during the visit only. */
public interface SeriesSamples {

  /** As in the index, without external labels. */
  Labels labels();

  /**
   * Appends samples in pieces of about a chunk, times ascending within a piece; what tombstones
   * hide is left out. What cannot be read is reported to the visitor and passed over.
   *
   * @param sink takes each piece before the next is read; the buffer is reused
   */
  void read(long fromMs, long toMs, Sink sink) throws IOException;

  /** The same of one aggregate of a downsampled block; nothing when the block is raw. */
  void read(Aggregate aggregate, long fromMs, long toMs, Sink sink) throws IOException;

  /**
   * The samples of a raw block; of a downsampled one, what stands for them: of a counter (by its
   * name: {@code _total}, {@code _count}, {@code _sum}, {@code _bucket}) Thanos' counter aggregate,
   * of anything else the mean of each window.
   */
  void readBest(long fromMs, long toMs, Sink sink) throws IOException;

  /** Where its chunks are: pairs of first and last time, in the order of the index. */
  List<long[]> chunkTimes();

  /** Takes samples. */
  @FunctionalInterface
  interface Sink {
    void samples(SampleBuffer samples) throws IOException;
  }
}
