// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import io.skopos.model.TimeRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was deleted of a block and is still in its chunks. Immutable. */
final class Tombstones {

  static final int MAGIC = 0x0130BA30;

  /** More deletions than any block has. */
  private static final long MAX_BYTES = 256 << 20;

  private final Map<Long, List<TimeRange>> bySeries;

  private Tombstones(Map<Long, List<TimeRange>> bySeries) {
    this.bySeries = bySeries;
  }

  /** A block without the file has none. */
  static Tombstones read(BlockFiles block) throws IOException {
    Map<Long, List<TimeRange>> found = new HashMap<>();
    if (!block.has(BlockFiles.TOMBSTONES)) {
      return new Tombstones(found);
    }
    try (PositionalFile file = new PositionalFile(block.open(BlockFiles.TOMBSTONES))) {
      if (file.size() < 9 || file.u32(0) != MAGIC || file.u8(4) != 1) {
        throw file.damaged(0, "it does not begin as tombstones of version 1 do");
      }
      long length = file.size() - 9;
      if (length > MAX_BYTES) {
        throw new DamagedBlock(file.name(), "it is larger than " + MAX_BYTES + " bytes");
      }
      file.check(5, length, "the tombstones");
      ByteCursor in = file.cursor(5, (int) length);
      while (in.remaining() > 0) {
        long series = in.uvarint();
        long from = in.varint();
        long to = in.varint();
        if (to < from) {
          throw file.damaged(in.position(), "a tombstone ends before it begins");
        }
        found.computeIfAbsent(series, _ -> new ArrayList<>()).add(new TimeRange(from, to));
      }
    }
    return new Tombstones(found);
  }

  List<TimeRange> of(long seriesReference) {
    return bySeries.getOrDefault(seriesReference, List.of());
  }
}
