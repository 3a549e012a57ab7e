// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

/** How a chunk's samples are coded; the code stands in block files and in remote read. */
public enum ChunkEncoding {
  XOR(1),
  HISTOGRAM(2),
  FLOAT_HISTOGRAM(3),
  /** Floats with start times. */
  XOR2(4),
  HISTOGRAM_WITH_STARTS(5),
  FLOAT_HISTOGRAM_WITH_STARTS(6),
  /** Five chunks of Thanos' downsampling. */
  AGGREGATES(0xff);

  private final int code;

  ChunkEncoding(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /**
   * @throws DamagedChunk when no encoding has the code
   */
  public static ChunkEncoding ofCode(int code) {
    for (ChunkEncoding encoding : values()) {
      if (encoding.code == code) {
        return encoding;
      }
    }
    throw new DamagedChunk("no chunk encoding has the number " + code);
  }
}
