// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.index.LabelIndexReader;
import io.skopos.storage.part.PageList;
import io.skopos.storage.part.PartReader;
import org.jspecify.annotations.Nullable;

/** The directory of an open part: where each column's pages lie. Immutable. */
final class PartFooter {

  final int seriesCount;
  final long sampleCount;
  final long chunkCount;
  final int timeColumnCount;
  final LabelIndexReader labels;
  final PageList times;
  final PageList values;
  final SeriesRanges ranges;
  final @Nullable PageList histograms;
  final @Nullable PageList aggregates;
  final @Nullable PageList metadata;
  final @Nullable PageList exemplars;
  final @Nullable PageList starts;

  /**
   * @throws DamagedBytes when no writer wrote this, or one of a later format
   */
  PartFooter(PartReader reader) {
    byte[] bytes = reader.footer();
    ByteReader in = new ByteReader(bytes, 0, bytes.length);
    int version = in.count(Integer.MAX_VALUE, "versions");
    if (version != PartFormat.VERSION) {
      throw new DamagedBytes(
          "metrics part format "
              + version
              + " is not "
              + PartFormat.VERSION
              + ", which is read here");
    }
    seriesCount = in.count(Integer.MAX_VALUE - 1, "series");
    sampleCount = in.varint();
    chunkCount = in.varint();
    Sections sections = new Sections(in);
    long length = reader.entry().length();
    labels = LabelIndexReader.open(reader, sections.required(PartFormat.LABELS));
    if (labels.seriesCount() != seriesCount) {
      throw new DamagedBytes(
          labels.seriesCount() + " series in the label index, " + seriesCount + " in the part");
    }
    ByteReader timesSection = sections.required(PartFormat.TIMES);
    timeColumnCount = timesSection.count(Integer.MAX_VALUE, "time columns");
    times = PageList.read(timesSection, length);
    values = PageList.read(sections.required(PartFormat.VALUES), length);
    ranges = new SeriesRanges(sections.required(PartFormat.RANGES), seriesCount, length);
    histograms = pages(sections.optional(PartFormat.HISTOGRAMS), length);
    aggregates = pages(sections.optional(PartFormat.AGGREGATES), length);
    metadata = pages(sections.optional(PartFormat.METADATA), length);
    exemplars = pages(sections.optional(PartFormat.EXEMPLARS), length);
    starts = pages(sections.optional(PartFormat.STARTS), length);
  }

  private static @Nullable PageList pages(@Nullable ByteReader section, long partLength) {
    return section == null ? null : PageList.read(section, partLength);
  }

  long heapBytes() {
    return 256
        + labels.heapBytes()
        + times.heapBytes()
        + values.heapBytes()
        + ranges.heapBytes()
        + heapBytes(histograms)
        + heapBytes(aggregates)
        + heapBytes(metadata)
        + heapBytes(exemplars)
        + heapBytes(starts);
  }

  private static long heapBytes(@Nullable PageList pages) {
    return pages == null ? 0 : pages.heapBytes();
  }

  /** The footer's sections by kind; one that must be understood and is not is an error. */
  private static final class Sections {

    private final @Nullable ByteReader[] known = new @Nullable ByteReader[PartFormat.STARTS + 1];

    Sections(ByteReader in) {
      while (in.remaining() > 0) {
        int kind = in.count(Integer.MAX_VALUE, "section kinds");
        int length = in.count(in.remaining(), "bytes of a section");
        int at = in.position();
        in.skip(length);
        if (kind < known.length) {
          known[kind] = new ByteReader(in.array(), at, at + length);
        }
        boolean read = kind >= PartFormat.LABELS && kind <= PartFormat.HISTOGRAMS;
        if (!read && kind < PartFormat.OPTIONAL) {
          throw new DamagedBytes("section " + kind + " is needed and not known here");
        }
      }
    }

    ByteReader required(int kind) {
      ByteReader section = known[kind];
      if (section == null) {
        throw new DamagedBytes("section " + kind + " is missing");
      }
      return section;
    }

    @Nullable ByteReader optional(int kind) {
      return known[kind];
    }
  }
}
