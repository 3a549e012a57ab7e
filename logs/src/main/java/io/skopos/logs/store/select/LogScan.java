// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.select;

import io.skopos.engine.QueryBudget;
import io.skopos.logs.store.LogRun;
import io.skopos.logs.store.LogSelection;
import io.skopos.logs.store.LogSource.RunVisitor;
import io.skopos.logs.store.head.HeadRun;
import io.skopos.logs.store.part.Block;
import io.skopos.logs.store.part.BlockEntry;
import io.skopos.logs.store.part.BlockRun;
import io.skopos.logs.store.part.MergedRun;
import io.skopos.logs.store.part.OpenBlocks;
import io.skopos.logs.store.part.TimeSlices;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.index.SeriesLabels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/** One question: finds the pieces of streams it needs and visits them as runs. Not thread-safe. */
final class LogScan {

  /** Blocks kept open, as neighbouring runs lie in the same ones. */
  private static final int OPEN_BLOCKS = 12;

  private final Snapshot snapshot;
  private final LogSelection selection;
  private final QueryBudget budget;
  private final RunVisitor visitor;
  private final Conditions conditions;
  private final FoundStreams streams;
  private final boolean conditionsAreExact;
  private final List<Piece> pieces = new ArrayList<>();

  /** Used again and again; as many as were ever read side by side. */
  private final List<BlockRun> blockRuns = new ArrayList<>();

  private final OpenBlocks<PartBlock> open = new OpenBlocks<>(OPEN_BLOCKS);

  /** A block of a part of the snapshot. */
  private static final class PartBlock {
    final Snapshot.OpenPart part;
    final int partNumber;
    final int number;
    final BlockEntry entry;

    /** Rows that may fit the conditions; known once the block was opened. */
    Conditions.@Nullable OfBlock candidates;

    PartBlock(Snapshot.OpenPart part, int partNumber, int number, BlockEntry entry) {
      this.part = part;
      this.partNumber = partNumber;
      this.number = number;
      this.entry = entry;
    }
  }

  /**
   * Rows of one stream in one block, or in all heads.
   *
   * @param block null for heads
   */
  private record Piece(
      int stream, long minTimeNs, long maxTimeNs, @Nullable PartBlock block, int run)
      implements TimeSlices.Piece {}

  /** What is visited as one run: pieces of a stream with rows at the same time. */
  private static final class Unit {
    final int stream;
    final long fromNs;
    final long toNs;
    final List<Piece> pieces;
    boolean visited;

    Unit(int stream, long fromNs, long toNs, List<Piece> pieces) {
      this.stream = stream;
      this.fromNs = fromNs;
      this.toNs = toNs;
      this.pieces = pieces;
    }
  }

  LogScan(Snapshot snapshot, LogSelection selection, QueryBudget budget, RunVisitor visitor) {
    this.snapshot = snapshot;
    this.selection = selection;
    this.budget = budget;
    this.visitor = visitor;
    this.conditions = new Conditions(selection.conditions());
    this.conditionsAreExact = !conditions.isEmpty() && conditions.areExact();
    this.streams = new FoundStreams(budget);
  }

  void run() {
    for (int i = 0; i < snapshot.parts().size(); i++) {
      Snapshot.OpenPart part = snapshot.parts().get(i);
      try {
        find(part, i);
      } catch (IOException e) {
        snapshot.warn(part.day(), e);
      }
      budget.checkRunning();
    }
    for (Snapshot.SeenHead seen : snapshot.heads()) {
      find(seen);
    }
    List<List<Unit>> byStream = units();
    switch (selection.order()) {
      case BY_STREAM -> visitAsTheyLie(byStream);
      case NEWEST_FIRST -> visit(sorted(byStream, true), true);
      case OLDEST_FIRST -> visit(sorted(byStream, false), false);
    }
  }

  // ---- what there is

  private void find(Snapshot.OpenPart part, int partNumber) throws IOException {
    RoaringBitmap selected = part.part().select(selection.matchers());
    if (selected.isEmpty()) {
      return;
    }
    int[] numbers = new int[part.part().streamCount()];
    Arrays.fill(numbers, -1);
    Conditions.OfPart filters = conditions.new OfPart(part.part());
    List<BlockEntry> wanted = new ArrayList<>();
    BitSet fits = new BitSet(numbers.length);
    for (PeekableIntIterator it = selected.getIntIterator(); it.hasNext(); ) {
      fits.set(it.next());
    }
    try (SeriesLabels labels = part.part().labels()) {
      part.part()
          .forEachBlock((number, entry) -> {
            if (entry.minTimeNs() > selection.toNs() || entry.maxTimeNs() < selection.fromNs()) {
              return;
            }
            PartBlock block = null;
            boolean filtered = false;
            for (int run = 0; run < entry.runs(); run++) {
              int stream = entry.stream(run);
              long min = entry.minTimeNs(run);
              long max = entry.maxTimeNs(run);
              if (!fits.get(stream)
                  || min > selection.toNs()
                  || max < selection.fromNs()
                  || part.hidden().covers(stream, min, max)) {
                continue;
              }
              if (!filtered) {
                if (!filters.mayFit(entry)) {
                  return;
                }
                filtered = true;
              }
              if (numbers[stream] < 0) {
                numbers[stream] =
                    streams.number(
                        io.skopos.model.Labels.ofCanonicalBytes(labels.canonical(stream)));
              }
              if (!filters.mayFit(entry, streams.labels(numbers[stream]))) {
                continue;
              }
              if (block == null) {
                block = new PartBlock(part, partNumber, number, entry);
                wanted.add(entry);
              }
              pieces.add(new Piece(numbers[stream], min, max, block, run));
            }
          });
    }
    if (part.part().isRemote()) {
      part.part().prefetch(wanted);
    }
  }

  private void find(Snapshot.SeenHead seen) {
    RoaringBitmap selected = seen.head().select(selection.matchers());
    for (PeekableIntIterator it = selected.getIntIterator(); it.hasNext(); ) {
      int stream = it.next();
      long[] range = seen.head().range(stream, seen.frames(), seen.hidden());
      if (range[0] <= selection.toNs() && range[1] >= selection.fromNs()) {
        int number = streams.number(seen.head().labels(stream));
        pieces.add(new Piece(number, range[0], range[1], null, stream));
        headStreams
            .computeIfAbsent(number, _ -> new ArrayList<>(1))
            .add(new HeadStreamOf(seen, stream));
      }
    }
  }

  /** A stream of a head. */
  private record HeadStreamOf(Snapshot.SeenHead seen, int stream) {}

  private final java.util.Map<Integer, List<HeadStreamOf>> headStreams = new java.util.HashMap<>();

  /** By stream, ascending in time. */
  private List<List<Unit>> units() {
    pieces.sort(Comparator.comparingInt(Piece::stream).thenComparingLong(Piece::minTimeNs));
    List<List<Unit>> byStream = new ArrayList<>(streams.count());
    for (int i = 0; i < streams.count(); i++) {
      byStream.add(new ArrayList<>(2));
    }
    int at = 0;
    while (at < pieces.size()) {
      int stream = pieces.get(at).stream();
      int end = at + 1;
      while (end < pieces.size() && pieces.get(end).stream() == stream) {
        end++;
      }
      List<Unit> units = byStream.get(stream);
      try {
        TimeSlices.forEach(
            pieces.subList(at, end),
            (fromNs, toNs, together) -> {
              if (fromNs <= selection.toNs() && toNs >= selection.fromNs()) {
                units.add(new Unit(stream, fromNs, toNs, together));
              }
            });
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      at = end;
    }
    return byStream;
  }

  // ---- in which order

  private static List<Unit> sorted(List<List<Unit>> byStream, boolean newestFirst) {
    List<Unit> all = new ArrayList<>();
    byStream.forEach(all::addAll);
    all.sort(
        newestFirst
            ? Comparator.comparingLong((Unit unit) -> unit.toNs).reversed()
            : Comparator.comparingLong(unit -> unit.fromNs));
    return all;
  }

  private void visit(List<Unit> units, boolean newestFirst) {
    for (Unit unit : units) {
      long bound = visitor.bound();
      if (bound != Long.MIN_VALUE) {
        // Units come by this very time: what follows is beyond it as well.
        if (newestFirst ? unit.toNs < bound : unit.fromNs > bound) {
          return;
        }
      }
      if (!visit(unit)) {
        return;
      }
    }
  }

  /**
   * Block by block; what lies earlier of a stream comes before, wherever it is. Units of heads come
   * last.
   */
  private void visitAsTheyLie(List<List<Unit>> byStream) {
    List<Unit> all = new ArrayList<>();
    byStream.forEach(all::addAll);
    all.sort(
        Comparator.comparingInt((Unit unit) -> place(unit, true))
            .thenComparingInt(unit -> place(unit, false)));
    int[] next = new int[byStream.size()];
    for (Unit unit : all) {
      List<Unit> own = byStream.get(unit.stream);
      while (!unit.visited) {
        Unit earlier = own.get(next[unit.stream]++);
        earlier.visited = true;
        if (!visit(earlier)) {
          return;
        }
      }
    }
  }

  private static int place(Unit unit, boolean ofPart) {
    PartBlock block = unit.pieces.getFirst().block;
    if (block == null) {
      return Integer.MAX_VALUE;
    }
    return ofPart ? block.partNumber : block.number;
  }

  // ---- the runs

  private boolean visit(Unit unit) {
    budget.checkRunning();
    List<LogRun> runs = new ArrayList<>(unit.pieces.size());
    long fromNs = Math.max(unit.fromNs, selection.fromNs());
    long toNs = Math.min(unit.toNs, selection.toNs());
    boolean headsRead = false;
    int used = 0;
    PartBlock reading = null;
    try {
      open.expect(unit.pieces.size());
      for (Piece piece : unit.pieces) {
        PartBlock block = piece.block;
        reading = block;
        if (block == null) {
          if (!headsRead) {
            headsRead = true;
            add(runs, headRun(unit.stream, fromNs, toNs));
          }
          continue;
        }
        Block opened = open.get(block, into -> open(block, into));
        if (used == blockRuns.size()) {
          blockRuns.add(new BlockRun());
        }
        BlockRun run = blockRuns.get(used++);
        run.begin(
            opened,
            piece.run,
            streams.labels(unit.stream),
            unit.stream,
            fromNs,
            toNs,
            block.part.hidden(),
            block.candidates == null ? null : block.candidates.of(streams.labels(unit.stream)),
            conditionsAreExact);
        add(runs, run);
      }
      if (runs.isEmpty()) {
        return true;
      }
      LogRun run = runs.size() == 1 ? runs.getFirst() : new MergedRun(runs);
      budget.readSamples(run.size());
      return visitor.visit(run);
    } catch (DamagedBytes e) {
      PartBlock block = reading == null ? blockOf(unit) : reading;
      if (block == null) {
        throw e;
      }
      warn(block, e);
    } catch (UncheckedIOException e) {
      PartBlock block = reading == null ? blockOf(unit) : reading;
      if (block == null) {
        throw e;
      }
      snapshot.warn(block.part.day(), new IOException(e.getMessage(), e));
    } catch (IOException e) {
      snapshot.warn(reading == null ? snapshot.parts().getFirst().day() : reading.part.day(), e);
    }
    return true;
  }

  private static @Nullable PartBlock blockOf(Unit unit) {
    for (Piece piece : unit.pieces) {
      if (piece.block != null) {
        return piece.block;
      }
    }
    return null;
  }

  private void warn(PartBlock block, DamagedBytes e) {
    try {
      snapshot.warn(block.part.day(), open.get(block, into -> open(block, into)).damaged(e));
    } catch (IOException unreadable) {
      snapshot.warn(block.part.day(), unreadable);
    }
  }

  private static void add(List<LogRun> runs, LogRun run) {
    if (run.size() > 0) {
      runs.add(run);
    }
  }

  private void open(PartBlock block, Block into) throws IOException {
    block.part.part().open(block.entry, into);
    if (!conditions.isEmpty() && block.candidates == null) {
      block.candidates = conditions.new OfBlock(into);
    }
    budget.checkRunning();
  }

  private HeadRun headRun(int stream, long fromNs, long toNs) {
    HeadRun run = new HeadRun();
    run.begin(streams.labels(stream), stream);
    for (HeadStreamOf one : headStreams.getOrDefault(stream, List.of())) {
      one.seen.head().read(one.stream, one.seen.frames(), one.seen.hidden(), fromNs, toNs, run);
    }
    run.finish();
    return run;
  }
}
