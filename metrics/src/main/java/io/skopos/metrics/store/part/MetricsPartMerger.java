// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.Exemplar;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.index.CanonicalLabels;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.part.DamagedPart;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Makes one part of many, series by series in label order, in memory bounded by the longest series.
 * Of samples with equal series and time the one of the later input wins; a deletion hides samples
 * of the inputs whose maxPosition is less than its own position.
 *
 * <p>A chunk that is large already, overlaps no other of its series and is touched by no deletion
 * is copied as it is; all others are decoded and cut anew, so that small chunks grow.
 */
public final class MetricsPartMerger {

  private MetricsPartMerger() {}

  /** An input: the open part and what the manifest says about it. */
  public record Input(MetricsPart part, PartEntry entry) {}

  /**
   * @param inputs by ascending position
   * @param out finished here; closed without a trace when nothing is left or this throws
   * @return null when nothing is left
   */
  public static @Nullable PartEntry merge(
      List<Input> inputs, List<DeletionEntry> deletions, PartWriter out) throws IOException {
    List<Source> sources = new ArrayList<>();
    try (MetricsPartWriter writer = new MetricsPartWriter(out)) {
      PriorityQueue<Source> queue = new PriorityQueue<>();
      long minPosition = Long.MAX_VALUE;
      long maxPosition = Long.MIN_VALUE;
      int level = 0;
      for (int i = 0; i < inputs.size(); i++) {
        Input input = inputs.get(i);
        Source source = new Source(i, input, deletions);
        sources.add(source);
        if (source.next()) {
          queue.add(source);
        }
        input.part().metadata(writer::metadata);
        minPosition = Math.min(minPosition, input.entry().minPosition());
        maxPosition = Math.max(maxPosition, input.entry().maxPosition());
        level = Math.max(level, input.entry().level() + 1);
      }
      mergeSeries(queue, writer);
      return writer.isEmpty() ? null : writer.finish(minPosition, maxPosition, level);
    } finally {
      sources.forEach(Source::close);
    }
  }

  private static void mergeSeries(PriorityQueue<Source> queue, MetricsPartWriter writer)
      throws IOException {
    SeriesMerge merge = new SeriesMerge(writer);
    List<Source> same = new ArrayList<>();
    while (!queue.isEmpty()) {
      same.clear();
      do {
        same.add(queue.remove());
      } while (!queue.isEmpty() && same.getFirst().hasSameLabels(queue.element()));
      byte[] labels = same.getFirst().labels;
      writer.series(labels, 0, labels.length);
      merge.begin();
      for (Source source : same) {
        source.collect(merge);
      }
      try {
        merge.write();
      } catch (DamagedBytes e) {
        throw damaged(same, e);
      }
      mergeExemplars(same, writer);
      for (Source source : same) {
        if (source.next()) {
          queue.add(source);
        }
      }
    }
  }

  private static void mergeExemplars(List<Source> same, MetricsPartWriter writer)
      throws IOException {
    List<Exemplar> exemplars = new ArrayList<>();
    for (Source source : same) {
      source.collect(exemplars);
    }
    if (!exemplars.isEmpty()) {
      writer.exemplars(exemplars);
    }
  }

  private static DamagedPart damaged(List<Source> same, DamagedBytes cause) {
    StringBuilder text = new StringBuilder("series ");
    text.append(Labels.ofCanonicalBytes(same.getFirst().labels)).append(" in one of");
    for (Source source : same) {
      text.append(' ').append(source.input.entry().object());
    }
    DamagedPart damaged =
        new DamagedPart(
            text.append(": ").append(cause.getMessage()).toString(),
            same.stream().map(source -> source.input.entry()).toList());
    damaged.initCause(cause);
    return damaged;
  }

  /** One input, at one of its series; ordered by labels, then by position. */
  private static final class Source implements Comparable<Source>, AutoCloseable {

    private final int order;
    private final Input input;
    private final PartScan scan;
    private final int seriesCount;
    private final List<Hidden> hidden = new ArrayList<>();
    private int ordinal = -1;
    byte[] labels = {};

    Source(int order, Input input, List<DeletionEntry> deletions) throws IOException {
      this.order = order;
      this.input = input;
      this.seriesCount = input.part().seriesCount();
      for (DeletionEntry entry : deletions) {
        if (input.entry().maxPosition() < entry.position()) {
          RoaringBitmap series = input.part().select(entry.deletion());
          if (!series.isEmpty()) {
            hidden.add(new Hidden(series, entry.deletion().range()));
          }
        }
      }
      this.scan = input.part().chunks();
    }

    boolean next() throws IOException {
      if (++ordinal >= seriesCount) {
        return false;
      }
      labels = scan.canonicalLabels(ordinal);
      return true;
    }

    boolean hasSameLabels(Source other) {
      return Arrays.equals(labels, other.labels);
    }

    void collect(SeriesMerge merge) throws IOException {
      List<TimeRange> gone = gone();
      scan.chunks(
          ordinal,
          Long.MIN_VALUE,
          chunk -> {
            merge.add(order, chunk, gone);
            return true;
          },
          true);
    }

    void collect(List<Exemplar> exemplars) throws IOException {
      if (!input.part().hasExemplars()) {
        return;
      }
      List<TimeRange> gone = gone();
      scan.exemplars(
          RoaringBitmap.bitmapOf(ordinal),
          TimeRange.ALL,
          (exemplar, series) -> {
            if (gone.stream().noneMatch(range -> range.contains(exemplar.timeMs()))) {
              exemplars.add(exemplar);
            }
          });
    }

    private List<TimeRange> gone() {
      List<TimeRange> gone = new ArrayList<>();
      for (Hidden one : hidden) {
        if (one.series.contains(ordinal)) {
          gone.add(one.range);
        }
      }
      return gone;
    }

    @Override
    public int compareTo(Source other) {
      int byLabels =
          CanonicalLabels.compare(labels, 0, labels.length, other.labels, 0, other.labels.length);
      return byLabels != 0 ? byLabels : Integer.compare(order, other.order);
    }

    @Override
    public void close() {
      scan.close();
    }
  }

  private record Hidden(RoaringBitmap series, TimeRange range) {}
}
