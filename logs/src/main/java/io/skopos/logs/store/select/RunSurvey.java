// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.select;

import io.skopos.logs.store.part.BlockEntry;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.storage.index.SeriesLabels;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/** What indexes and tables say about the runs of streams, without reading an entry. */
final class RunSurvey {

  private final Snapshot snapshot;
  private final List<Matcher> matchers;
  private final long fromNs;
  private final long toNs;
  private final FoundStreams streams;

  /** Takes runs. */
  @FunctionalInterface
  interface Visitor {
    void run(int stream, long minTimeNs, long maxTimeNs, long entries, long bytes, int chunks);
  }

  RunSurvey(
      Snapshot snapshot, List<Matcher> matchers, long fromNs, long toNs, FoundStreams streams) {
    this.snapshot = snapshot;
    this.matchers = matchers;
    this.fromNs = fromNs;
    this.toNs = toNs;
    this.streams = streams;
  }

  void forEach(Visitor visitor) {
    for (Snapshot.OpenPart part : snapshot.parts()) {
      try {
        visit(part, visitor);
      } catch (IOException e) {
        snapshot.warn(part.day(), e);
      }
    }
    for (Snapshot.SeenHead seen : snapshot.heads()) {
      RoaringBitmap selected = seen.head().select(matchers);
      for (PeekableIntIterator it = selected.getIntIterator(); it.hasNext(); ) {
        int stream = it.next();
        long[] range = seen.head().range(stream, seen.frames(), seen.hidden());
        if (range[0] <= toNs && range[1] >= fromNs) {
          visitor.run(
              streams.number(seen.head().labels(stream)),
              range[0],
              range[1],
              range[2],
              range[3],
              1);
        }
      }
    }
  }

  private void visit(Snapshot.OpenPart part, Visitor visitor) throws IOException {
    RoaringBitmap selected = part.part().select(matchers);
    if (selected.isEmpty()) {
      return;
    }
    int[] numbers = new int[part.part().streamCount()];
    Arrays.fill(numbers, -1);
    BitSet fits = new BitSet(numbers.length);
    for (PeekableIntIterator it = selected.getIntIterator(); it.hasNext(); ) {
      fits.set(it.next());
    }
    try (SeriesLabels labels = part.part().labels()) {
      part.part().forEachBlock((_, entry) -> visit(part, entry, fits, numbers, labels, visitor));
    }
  }

  private void visit(
      Snapshot.OpenPart part,
      BlockEntry entry,
      BitSet fits,
      int[] numbers,
      SeriesLabels labels,
      Visitor visitor)
      throws IOException {
    if (entry.minTimeNs() > toNs || entry.maxTimeNs() < fromNs) {
      return;
    }
    for (int run = 0; run < entry.runs(); run++) {
      int stream = entry.stream(run);
      long min = entry.minTimeNs(run);
      long max = entry.maxTimeNs(run);
      if (!fits.get(stream)
          || min > toNs
          || max < fromNs
          || part.hidden().covers(stream, min, max)) {
        continue;
      }
      if (numbers[stream] < 0) {
        numbers[stream] = streams.number(Labels.ofCanonicalBytes(labels.canonical(stream)));
      }
      visitor.run(numbers[stream], min, max, entry.rows(run), entry.lineBytes(run), 1);
    }
  }
}
