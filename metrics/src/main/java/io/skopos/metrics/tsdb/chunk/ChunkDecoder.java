// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

import io.skopos.metrics.store.SampleBuffer;

/** Reads chunks of every encoding. */
public final class ChunkDecoder {

  /**
   * Largest chunk that is decoded. Prometheus cuts at about a kilobyte; a chunk's samples may take
   * some sixty times its size in memory.
   */
  public static final int MAX_BYTES = 4 << 20;

  private ChunkDecoder() {}

  /**
   * Appends the chunk's samples to {@code into}, in the chunk's order. Aggregates are not samples:
   * {@link AggregateChunk} takes them apart first.
   *
   * @throws DamagedChunk when the bytes are not such a chunk; some samples may have been appended
   */
  public static void decode(
      ChunkEncoding encoding, byte[] bytes, int offset, int length, SampleBuffer into) {
    if (length > MAX_BYTES) {
      throw new DamagedChunk("the chunk has " + length + " bytes, the limit is " + MAX_BYTES);
    }
    switch (encoding) {
      case XOR -> XorDecoder.decodeXor(bytes, offset, length, into);
      case XOR2 -> XorDecoder.decodeXor2(bytes, offset, length, into);
      case HISTOGRAM -> HistogramDecoder.decode(bytes, offset, length, true, false, into);
      case FLOAT_HISTOGRAM -> HistogramDecoder.decode(bytes, offset, length, false, false, into);
      case HISTOGRAM_WITH_STARTS ->
          HistogramDecoder.decode(bytes, offset, length, true, true, into);
      case FLOAT_HISTOGRAM_WITH_STARTS ->
          HistogramDecoder.decode(bytes, offset, length, false, true, into);
      case AGGREGATES -> throw new DamagedChunk("aggregates where samples were expected");
    }
  }
}
