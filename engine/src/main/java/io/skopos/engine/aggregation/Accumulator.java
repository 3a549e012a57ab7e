// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

import io.skopos.engine.StepBlock;
import io.skopos.engine.StepGrid;
import io.skopos.engine.StepRow;
import io.skopos.engine.histogram.HistogramNotes;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Folds rows into groups × steps. Native histograms are added up or counted where that means
 * something, else passed over; a cell with floats and histograms has no sum. Partial results of
 * several workers can be merged. Not thread-safe.
 */
public abstract class Accumulator {

  private final StepGrid grid;
  protected final int steps;
  private final int words;
  private int groups;

  /** Samples folded so far, per group and step; zero means the group has no point there. */
  protected int[] counts;

  private long[] nameDropped = new long[1];

  /** Told what happens to histograms. */
  protected final HistogramNotes notes;

  protected Accumulator(StepGrid grid, HistogramNotes notes) {
    this.grid = grid;
    this.notes = notes;
    this.steps = grid.steps();
    this.words = (steps + 63) >>> 6;
    this.counts = new int[steps];
  }

  public static Accumulator of(Kind kind, StepGrid grid, HistogramNotes notes) {
    return switch (kind) {
      case SUM -> new SumAccumulator(grid, notes);
      case AVG -> new AverageAccumulator(grid, notes);
      case MIN -> new ExtremeAccumulator(grid, notes, false);
      case MAX -> new ExtremeAccumulator(grid, notes, true);
      case COUNT -> new CountAccumulator(grid, notes, false);
      case GROUP -> new CountAccumulator(grid, notes, true);
      case STDVAR -> new VarianceAccumulator(grid, notes, false);
      case STDDEV -> new VarianceAccumulator(grid, notes, true);
    };
  }

  /** The aggregations that need no more than a few numbers per group and step. */
  public enum Kind {
    SUM,
    AVG,
    MIN,
    MAX,
    COUNT,
    GROUP,
    STDVAR,
    STDDEV
  }

  public final int groups() {
    return groups;
  }

  /**
   * Folds a row into a group; groups are dense and made on first use.
   *
   * @param labels the row's, for notes
   */
  public final void add(int group, StepRow row, boolean dropsName, Labels labels) {
    @Nullable NativeHistogram[] histograms = row.histograms();
    if (histograms == null) {
      add(group, row.values(), 0, row.presence(), 0, dropsName);
    } else {
      addMixed(group, row.values(), 0, row.presence(), 0, histograms, dropsName, labels);
    }
  }

  /** Folds a series of a block into a group. */
  public final void add(int group, StepBlock block, int series) {
    @Nullable NativeHistogram[] histograms = block.histograms();
    boolean dropsName = block.nameDropped(series);
    if (histograms == null) {
      add(group, block.values(), series * steps, block.presence(), series * words, dropsName);
    } else {
      addMixed(
          group,
          block.values(),
          series * steps,
          block.presence(),
          series * words,
          histograms,
          dropsName,
          block.labels(series));
    }
  }

  private void addMixed(
      int group,
      double[] values,
      int from,
      long[] presence,
      int wordFrom,
      @Nullable NativeHistogram[] histograms,
      boolean dropsName,
      Labels labels) {
    reserve(group);
    if (dropsName) {
      nameDropped[group >>> 6] |= 1L << group;
    }
    for (int step = 0; step < steps; step++) {
      if ((presence[wordFrom + (step >>> 6)] & (1L << step)) == 0) {
        continue;
      }
      NativeHistogram histogram = histograms[from + step];
      if (histogram == null) {
        fold(group * steps + step, values, from + step, 1);
      } else {
        foldHistogram(group * steps + step, histogram, labels);
      }
    }
  }

  private void add(
      int group, double[] values, int from, long[] presence, int wordFrom, boolean dropsName) {
    reserve(group);
    if (dropsName) {
      nameDropped[group >>> 6] |= 1L << group;
    }
    int cell = group * steps;
    for (int word = 0; word < words; word++) {
      long bits = presence[wordFrom + word];
      int first = word << 6;
      if (bits == -1L) {
        fold(cell + first, values, from + first, 64);
        continue;
      }
      while (bits != 0) {
        int start = Long.numberOfTrailingZeros(bits);
        int run = Long.numberOfTrailingZeros(~(bits >>> start));
        fold(cell + first + start, values, from + first + start, run);
        bits &= run + start >= 64 ? 0L : -1L << (start + run);
      }
    }
  }

  /** Folds {@code count} adjacent steps; cells and values run side by side. */
  protected abstract void fold(int cell, double[] values, int from, int count);

  /** Folds one histogram. */
  protected void foldHistogram(int cell, NativeHistogram histogram, Labels labels) {
    notes.ignored();
  }

  /** The histograms of cells, if this adds up any. */
  protected @Nullable HistogramCells histogramCells() {
    return null;
  }

  /** Makes room for so many cells in the columns of the subclass. */
  protected abstract void grow(int cells);

  /** The result of a cell that has samples. */
  protected abstract double result(int cell);

  /** Takes over the other's cell into a cell that has samples already, or not. */
  protected abstract void mergeCell(int cell, Accumulator other, int otherCell);

  /**
   * Merges another worker's groups.
   *
   * @param groupOf this accumulator's group of each of the other's
   */
  public final void merge(Accumulator other, int[] groupOf) {
    for (int group = 0; group < other.groups; group++) {
      int into = groupOf[group];
      reserve(into);
      if ((other.nameDropped[group >>> 6] & (1L << group)) != 0) {
        nameDropped[into >>> 6] |= 1L << into;
      }
      for (int step = 0; step < steps; step++) {
        int otherCell = group * steps + step;
        if (other.counts[otherCell] != 0) {
          mergeCell(into * steps + step, other, otherCell);
        }
      }
    }
    HistogramCells cells = histogramCells();
    HistogramCells otherCells = other.histogramCells();
    if (cells != null && otherCells != null) {
      for (int group = 0; group < other.groups; group++) {
        cells.merge(groupOf[group] * steps, otherCells, group * steps, steps);
      }
    }
  }

  /** The groups that have points. */
  public final StepBlock build(IntFunction<Labels> labels) {
    StepBlock.Builder builder = new StepBlock.Builder(grid, groups);
    HistogramCells cells = histogramCells();
    for (int group = 0; group < groups; group++) {
      int series = -1;
      for (int step = 0; step < steps; step++) {
        int cell = group * steps + step;
        NativeHistogram histogram = null;
        if (cells != null && cells.touched(cell)) {
          histogram = counts[cell] == 0 ? cells.result(cell) : null;
          if (counts[cell] != 0) {
            notes.mixed();
          }
          if (histogram == null) {
            continue;
          }
        } else if (counts[cell] == 0) {
          continue;
        }
        if (series < 0) {
          boolean dropped = (nameDropped[group >>> 6] & (1L << group)) != 0;
          series = builder.add(labels.apply(group), dropped);
        }
        if (histogram == null) {
          builder.set(series, step, result(cell));
        } else {
          builder.set(series, step, histogram);
        }
      }
    }
    return builder.build();
  }

  private void reserve(int group) {
    if (group < groups) {
      return;
    }
    groups = group + 1;
    int needed = Math.multiplyExact(groups, steps);
    if (needed > counts.length) {
      int capacity = (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, counts.length * 2L));
      counts = Arrays.copyOf(counts, capacity);
      grow(capacity);
    }
    if (groups > nameDropped.length << 6) {
      nameDropped = Arrays.copyOf(nameDropped, nameDropped.length * 2);
    }
  }
}
