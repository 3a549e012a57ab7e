// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.head;

import io.skopos.model.Labels;
import java.lang.foreign.MemorySegment;

/**
 * The rows of one frame that went to one head. Immutable.
 *
 * @param sequence how many frames the head had before
 * @param lines back to back
 * @param lineEnds of each row, from the beginning of {@code lines}
 * @param metadata per row, 0 for none, else one more than its place in {@code sets}; empty for none
 */
record HeadRows(
    long sequence,
    MemorySegment lines,
    long[] timesNs,
    int[] lineEnds,
    Labels[] sets,
    int[] metadata) {

  int lineStart(int row) {
    return row == 0 ? 0 : lineEnds[row - 1];
  }

  int lineLength(int row) {
    return lineEnds[row] - lineStart(row);
  }

  Labels metadataOf(int row) {
    return metadata.length == 0 || metadata[row] == 0 ? Labels.EMPTY : sets[metadata[row] - 1];
  }

  long heapBytes() {
    return 160 + 12L * timesNs.length + 4L * metadata.length + setBytes();
  }

  private long setBytes() {
    long bytes = 0;
    for (Labels set : sets) {
      bytes += 64 + set.canonicalBytes().length;
    }
    return bytes;
  }
}
