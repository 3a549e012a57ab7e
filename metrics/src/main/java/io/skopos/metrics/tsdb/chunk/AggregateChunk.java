// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

import io.skopos.metrics.store.SampleBuffer;

/**
 * A chunk of Thanos' downsampled blocks: for each aggregate a chunk of its own, or none. Times of
 * all but {@link Aggregate#COUNTER} are equal: each is the last of its window.
 */
public final class AggregateChunk {

  /** In the order of the file. */
  public enum Aggregate {
    COUNT,
    SUM,
    MIN,
    MAX,
    /**
     * The counter as it would be without resets. The chunk's first sample is the first raw one, and
     * its last sample repeats the time of the one before it with the last raw value, which only
     * serves to see a reset between two chunks.
     */
    COUNTER
  }

  private AggregateChunk() {}

  /**
   * Appends one aggregate's samples, if it has any.
   *
   * @return whether the aggregate is there
   */
  public static boolean decode(
      Aggregate wanted, byte[] bytes, int offset, int length, SampleBuffer into) {
    int at = offset;
    int end = offset + length;
    for (Aggregate aggregate : Aggregate.values()) {
      long size = 0;
      int shift = 0;
      byte next;
      do {
        if (at >= end || shift > 28) {
          throw new DamagedChunk("the aggregate " + aggregate + " has no length");
        }
        next = bytes[at++];
        size |= (long) (next & 0x7f) << shift;
        shift += 7;
      } while (next < 0);
      if (size > 0) {
        // The encoding's byte is not counted.
        if (size + 1 > end - at) {
          throw new DamagedChunk(
              "the aggregate "
                  + aggregate
                  + " has "
                  + size
                  + " bytes, "
                  + (end - at)
                  + " are left");
        }
        if (aggregate == wanted) {
          ChunkDecoder.decode(
              ChunkEncoding.ofCode(bytes[at] & 0xff), bytes, at + 1, (int) size, into);
          return true;
        }
        at += (int) size + 1;
      } else if (aggregate == wanted) {
        return false;
      }
    }
    return false;
  }
}
