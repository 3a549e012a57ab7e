// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;

/**
 * A postings list as runs (gap, length - 1) or as gaps alone, whichever is shorter; gaps count from
 * the ordinal behind the one before.
 */
final class PostingsCodec {

  private static final int RUNS = 0;
  private static final int GAPS = 1;

  private final ByteWriter runs = new ByteWriter(256);
  private int runCount;
  private long gapBytes;
  private int next;

  /** Appends the encoded list to {@code out}. */
  void encode(PostingsList list, ByteWriter out) {
    runs.clear();
    runCount = 0;
    gapBytes = 0;
    next = 0;
    list.forEachRun((from, to) -> {
      runs.varint(from - next);
      runs.varint(to - from);
      runCount++;
      // In gaps, a run takes a byte for each ordinal behind its first.
      gapBytes += ByteWriter.varintSize(from - next) + (to - from);
      next = to + 1;
    });
    if (gapBytes >= runs.size) {
      out.int8(RUNS);
      out.varint(runCount);
      out.put(runs.bytes, 0, runs.size);
      return;
    }
    out.int8(GAPS);
    out.varint(list.count());
    next = 0;
    list.forEachRun((from, to) -> {
      out.varint(from - next);
      for (int i = from; i < to; i++) {
        out.varint(0);
      }
      next = to + 1;
    });
  }

  /**
   * Gives the list's ordinals, ascending and all less than {@code seriesCount}, to {@code into}.
   */
  static void decode(ByteReader in, int seriesCount, LabelIndex.RunVisitor into) {
    int kind = in.uint8();
    int count = in.count(in.remaining(), "postings");
    long ordinal = 0;
    switch (kind) {
      case RUNS -> {
        for (int i = 0; i < count; i++) {
          long from = ordinal + in.count(seriesCount, "ordinals");
          long to = from + in.count(seriesCount, "ordinals");
          if (to >= seriesCount) {
            throw new DamagedBytes("postings name series " + to + " of " + seriesCount);
          }
          into.run((int) from, (int) to);
          ordinal = to + 1;
        }
      }
      case GAPS -> {
        for (int i = 0; i < count; i++) {
          ordinal += in.count(seriesCount, "ordinals");
          if (ordinal >= seriesCount) {
            throw new DamagedBytes("postings name series " + ordinal + " of " + seriesCount);
          }
          into.run((int) ordinal, (int) ordinal);
          ordinal++;
        }
      }
      default -> throw new DamagedBytes("postings of kind " + kind);
    }
  }
}
