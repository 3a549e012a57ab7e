// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import io.skopos.logs.store.LogRun;
import io.skopos.model.Labels;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.index.SeriesLabels;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one part of several. A block goes over as it is, pages and all, when nothing of it is
 * hidden, no other block has rows of its streams at the same time, and its runs are long enough to
 * be read on their own; the rows of all others are written anew.
 */
public final class LogPartMerger {

  /** Runs shorter than this, on average, are put together with their neighbours. */
  private static final long SHORT_RUN = 24 << 10;

  /** As are blocks that are this far from full. */
  private static final long SMALL_BLOCK = BlockBuilder.FULL_BYTES / 4;

  private final List<LogPart> parts;
  private final List<HiddenTimes> hidden = new ArrayList<>();
  private final List<Placed> blocks = new ArrayList<>();
  private final LogPartWriter writer;
  private int[][] ordinals = new int[0][];
  private final List<Labels> streams = new ArrayList<>();

  /** A block of an input. */
  private static final class Placed {
    final int input;
    final BlockEntry entry;
    boolean rewrite;

    Placed(int input, BlockEntry entry) {
      this.input = input;
      this.entry = entry;
    }
  }

  /** A run, by the stream's ordinal in the part to be written. */
  private record Run(int stream, Placed block, int number) implements TimeSlices.Piece {
    @Override
    public long minTimeNs() {
      return block.entry.minTimeNs(number);
    }

    @Override
    public long maxTimeNs() {
      return block.entry.maxTimeNs(number);
    }
  }

  private LogPartMerger(List<LogPart> parts, LogPartWriter writer) {
    this.parts = parts;
    this.writer = writer;
  }

  /**
   * @param parts by ascending position
   * @return null when nothing is left
   */
  public static @Nullable PartEntry merge(
      List<LogPart> parts, List<DeletionEntry> deletions, PartWriter out) throws IOException {
    try (LogPartWriter writer = new LogPartWriter(out)) {
      LogPartMerger merger = new LogPartMerger(parts, writer);
      for (LogPart part : parts) {
        merger.hidden.add(HiddenTimes.of(part, deletions));
      }
      merger.mergeStreams();
      merger.mergeRows();
      if (writer.isEmpty()) {
        return null;
      }
      long minPosition = Long.MAX_VALUE;
      long maxPosition = Long.MIN_VALUE;
      int level = 0;
      for (LogPart part : parts) {
        minPosition = Math.min(minPosition, part.entry().minPosition());
        maxPosition = Math.max(maxPosition, part.entry().maxPosition());
        level = Math.max(level, part.entry().level() + 1);
      }
      return writer.finish(minPosition, maxPosition, level);
    }
  }

  /** Writes the streams of all, and remembers who has which number now. */
  private void mergeStreams() throws IOException {
    int count = parts.size();
    ordinals = new int[count][];
    @Nullable SeriesLabels[] labels = new @Nullable SeriesLabels[count];
    @Nullable Labels[] heads = new @Nullable Labels[count];
    int[] next = new int[count];
    try {
      for (int i = 0; i < count; i++) {
        ordinals[i] = new int[parts.get(i).streamCount()];
        SeriesLabels own = parts.get(i).labels();
        labels[i] = own;
        heads[i] = next(own, parts.get(i), 0);
      }
      while (true) {
        Labels least = null;
        for (Labels head : heads) {
          if (head != null && (least == null || head.compareTo(least) < 0)) {
            least = head;
          }
        }
        if (least == null) {
          return;
        }
        int ordinal = writer.stream(least);
        streams.add(least);
        for (int i = 0; i < count; i++) {
          SeriesLabels own = labels[i];
          if (own != null && least.equals(heads[i])) {
            ordinals[i][next[i]++] = ordinal;
            heads[i] = next(own, parts.get(i), next[i]);
          }
        }
      }
    } finally {
      for (SeriesLabels one : labels) {
        if (one != null) {
          one.close();
        }
      }
    }
  }

  private static @Nullable Labels next(SeriesLabels labels, LogPart part, int ordinal)
      throws IOException {
    return ordinal < part.streamCount() ? Labels.ofCanonicalBytes(labels.canonical(ordinal)) : null;
  }

  private void mergeRows() throws IOException {
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      int input = i;
      parts.get(i).forEachBlock((_, entry) -> blocks.add(new Placed(input, entry)));
    }
    for (Placed block : blocks) {
      BlockEntry entry = block.entry;
      block.rewrite =
          entry.runs() > 1 && entry.lineBytes / entry.runs() < SHORT_RUN
              || entry.lineBytes < SMALL_BLOCK && entry.rows < BlockBuilder.FULL_ROWS / 4;
      for (int run = 0; run < entry.runs(); run++) {
        block.rewrite |=
            hidden
                .get(block.input)
                .touches(entry.stream(run), entry.minTimeNs(run), entry.maxTimeNs(run));
        runs.add(new Run(ordinals[block.input][entry.stream(run)], block, run));
      }
    }
    runs.sort(Comparator.comparingInt(Run::stream).thenComparingLong(Run::minTimeNs));
    markOverlapping(runs);
    Rows rows = new Rows();
    int at = 0;
    while (at < runs.size()) {
      int stream = runs.get(at).stream();
      List<Run> rewritten = new ArrayList<>();
      for (; at < runs.size() && runs.get(at).stream() == stream; at++) {
        Run run = runs.get(at);
        if (run.block.rewrite) {
          rewritten.add(run);
        } else if (run.number == 0) {
          writer.copy(parts.get(run.block.input), run.block.entry, ordinals[run.block.input]);
        }
      }
      rows.write(stream, rewritten);
    }
  }

  /** Rows that may be there twice are found when they are written anew. */
  private static void markOverlapping(List<Run> runs) {
    Run last = null;
    for (Run run : runs) {
      if (last == null || last.stream() != run.stream()) {
        last = run;
        continue;
      }
      boolean apart =
          run.block.input == last.block.input
              ? run.minTimeNs() >= last.maxTimeNs()
              : run.minTimeNs() > last.maxTimeNs();
      if (!apart) {
        run.block.rewrite = true;
        last.block.rewrite = true;
      }
      if (run.maxTimeNs() >= last.maxTimeNs()) {
        last = run;
      }
    }
  }

  /** Reads rows of blocks and adds them to the writer. */
  private final class Rows {

    private final OpenBlocks<Placed> open = new OpenBlocks<>(24);
    private final LogRun.LineView view = new LogRun.LineView();

    /**
     * @param runs of the stream, by their first times
     */
    void write(int stream, List<Run> runs) throws IOException {
      TimeSlices.forEach(runs, (fromNs, toNs, together) -> write(stream, together, fromNs, toNs));
    }

    private void write(int stream, List<Run> overlapping, long fromNs, long toNs)
        throws IOException {
      List<BlockRun> read = new ArrayList<>();
      open.expect(overlapping.size());
      for (Run run : overlapping) {
        Block block =
            open.get(run.block, into -> parts.get(run.block.input).open(run.block.entry, into));
        BlockRun rows = new BlockRun();
        rows.begin(
            block,
            run.number,
            streams.get(stream),
            stream,
            fromNs,
            toNs,
            hidden.get(run.block.input),
            null,
            false);
        read.add(rows);
      }
      try {
        write(stream, read.size() == 1 ? read.getFirst() : new MergedRun(read));
      } catch (DamagedBytes e) {
        throw open.get(overlapping.getFirst().block, _ -> {}).damaged(e);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }

    private void write(int stream, LogRun run) throws IOException {
      long[] times = run.timesNs();
      for (int entry = 0; entry < run.size(); entry++) {
        run.line(entry, view);
        Labels metadata = run.hasMetadata() ? run.metadata(entry) : Labels.EMPTY;
        writer.entry(stream, times[entry], view.bytes, view.from, view.length, metadata);
      }
    }
  }
}
