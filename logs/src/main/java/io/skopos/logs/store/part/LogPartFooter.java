// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.index.LabelIndexReader;
import io.skopos.storage.part.PageList;
import io.skopos.storage.part.PartReader;
import org.jspecify.annotations.Nullable;

/** The directory of an open part. Immutable. */
final class LogPartFooter {

  final int streams;
  final long rows;
  final long lineBytes;
  final int blocks;
  final LabelIndexReader labels;
  final PageList index;
  final BlockFilters filters;

  /**
   * @throws DamagedBytes when no writer wrote this, or one of a later format
   */
  LogPartFooter(PartReader reader) {
    byte[] bytes = reader.footer();
    ByteReader in = new ByteReader(bytes, 0, bytes.length);
    int version = in.count(Integer.MAX_VALUE, "versions");
    if (version != LogPartFormat.VERSION) {
      throw new DamagedBytes(
          "logs part format " + version + " is not " + LogPartFormat.VERSION + ", read here");
    }
    streams = in.count(Integer.MAX_VALUE - 1, "streams");
    rows = in.varint();
    lineBytes = in.varint();
    blocks = in.count(Integer.MAX_VALUE - 1, "blocks");
    @Nullable ByteReader labelSection = null;
    @Nullable ByteReader blockSection = null;
    @Nullable ByteReader filterSection = null;
    while (in.remaining() > 0) {
      int kind = in.count(Integer.MAX_VALUE, "section kinds");
      int length = in.count(in.remaining(), "bytes of a section");
      int at = in.position();
      in.skip(length);
      ByteReader section = new ByteReader(bytes, at, at + length);
      switch (kind) {
        case LogPartFormat.LABELS -> labelSection = section;
        case LogPartFormat.BLOCKS -> blockSection = section;
        case LogPartFormat.FILTERS -> filterSection = section;
        default -> {
          if (kind < LogPartFormat.OPTIONAL) {
            throw new DamagedBytes("section " + kind + " is needed and not known here");
          }
        }
      }
    }
    if (labelSection == null || blockSection == null || filterSection == null) {
      throw new DamagedBytes("a section is missing");
    }
    labels = LabelIndexReader.open(reader, labelSection);
    index = PageList.read(blockSection, reader.entry().length());
    filters = new BlockFilters(filterSection, reader.entry().length());
    if (labels.seriesCount() != streams) {
      throw new DamagedBytes(labels.seriesCount() + " streams in the index of " + streams);
    }
  }

  long heapBytes() {
    return 256 + labels.heapBytes() + index.heapBytes() + filters.heapBytes();
  }
}
