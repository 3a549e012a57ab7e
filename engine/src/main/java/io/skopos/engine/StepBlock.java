// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import io.skopos.engine.histogram.HistogramSize;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Series × steps: what selectors produce and operators consume. Values stand row after row in one
 * array, value of series {@code i} at step {@code s} at {@code i * steps() + s}; presence bits
 * likewise with {@link #wordsPerSeries} words per series. A block is filled by its {@link Builder}
 * and not changed afterwards, so blocks may share columns.
 *
 * <p>A point is a float, or a native histogram when the column of histograms has one for it. That
 * column is there only when some point needs it; what is about floats alone works on {@link
 * #floats}.
 */
public final class StepBlock {

  /** Most series × steps of one block; 1 GiB of values. */
  public static final int MAX_CELLS = 1 << 27;

  private final StepGrid grid;
  private final int steps;
  private final int words;
  private final int size;
  private final Labels[] labels;
  private final long[] nameDropped;
  private final double[] values;
  private final long[] presence;
  private final @Nullable NativeHistogram @Nullable [] histograms;

  private StepBlock(
      StepGrid grid,
      int size,
      Labels[] labels,
      long[] nameDropped,
      double[] values,
      long[] presence,
      @Nullable NativeHistogram @Nullable [] histograms) {
    this.grid = grid;
    this.steps = grid.steps();
    this.words = wordsFor(steps);
    this.size = size;
    this.labels = labels;
    this.nameDropped = nameDropped;
    this.values = values;
    this.presence = presence;
    this.histograms = histograms;
  }

  public static StepBlock empty(StepGrid grid) {
    return new StepBlock(grid, 0, new Labels[0], new long[0], new double[0], new long[0], null);
  }

  public StepGrid grid() {
    return grid;
  }

  public int steps() {
    return steps;
  }

  /** The number of series. */
  public int size() {
    return size;
  }

  public Labels labels(int series) {
    return labels[series];
  }

  /**
   * Whether the metric's name no longer describes the values. It stays in {@link #labels} until the
   * query ends or a grouping removes it, so that {@code label_replace} can still read it.
   */
  public boolean nameDropped(int series) {
    return (nameDropped[series >>> 6] & (1L << series)) != 0;
  }

  public boolean present(int series, int step) {
    return (presence[series * words + (step >>> 6)] & (1L << step)) != 0;
  }

  /** Meaningful only where {@link #present} and no {@link #histogram}. */
  public double value(int series, int step) {
    return values[series * steps + step];
  }

  /** The histogram of a point, or null for a float; meaningful only where {@link #present}. */
  public @Nullable NativeHistogram histogram(int series, int step) {
    return histograms == null ? null : histograms[series * steps + step];
  }

  /** Whether the column of histograms is there. */
  public boolean hasHistograms() {
    return histograms != null;
  }

  /** The same series with only the points that are floats. */
  public StepBlock floats() {
    if (histograms == null) {
      return this;
    }
    long[] floats = Arrays.copyOf(presence, size * words);
    for (int series = 0; series < size; series++) {
      for (int step = 0; step < steps; step++) {
        if (histograms[series * steps + step] != null) {
          floats[series * words + (step >>> 6)] &= ~(1L << step);
        }
      }
    }
    return new StepBlock(grid, size, labels, nameDropped, values, floats, null);
  }

  /** The number of points of a series. */
  public int count(int series) {
    int count = 0;
    for (int i = series * words; i < (series + 1) * words; i++) {
      count += Long.bitCount(presence[i]);
    }
    return count;
  }

  /** The number of points of all series. */
  public long count() {
    long count = 0;
    for (int i = 0; i < size * words; i++) {
      count += Long.bitCount(presence[i]);
    }
    return count;
  }

  /** How many samples the points count for in a query's budget. */
  public long weight() {
    return histograms == null ? count() : count() + beyondFloats();
  }

  /** Cells without a point: they take room all the same. */
  public long absent() {
    return (long) size * steps - count();
  }

  private long beyondFloats() {
    long weight = 0;
    for (int series = 0; series < size; series++) {
      for (int step = 0; step < steps; step++) {
        NativeHistogram histogram = histogram(series, step);
        if (histogram != null && present(series, step)) {
          weight += HistogramSize.inSamples(histogram) - 1;
        }
      }
    }
    return weight;
  }

  /** The value column itself: read only, at least {@code size() * steps()} long. */
  public double[] values() {
    return values;
  }

  /** The presence column itself: read only, at least {@code size() * wordsPerSeries()} long. */
  public long[] presence() {
    return presence;
  }

  /** The column of histograms itself, of the same shape as the values: read only; or null. */
  public @Nullable NativeHistogram @Nullable [] histograms() {
    return histograms;
  }

  public int wordsPerSeries() {
    return words;
  }

  /** The same series and presence with other values, all floats (taken over, not copied). */
  public StepBlock withValues(double[] newValues, boolean dropNames) {
    if (newValues.length < size * steps) {
      throw new IllegalArgumentException(newValues.length + " values for " + size + " series");
    }
    long[] dropped = nameDropped;
    if (dropNames) {
      dropped = new long[nameDropped.length];
      Arrays.fill(dropped, -1L);
    }
    return new StepBlock(grid, size, labels, dropped, newValues, presence, null);
  }

  /**
   * The same points under other labels (taken over, not copied). {@code null} keeps the dropped
   * names as they are.
   */
  public StepBlock withLabels(Labels[] newLabels, long @Nullable [] newNameDropped) {
    return new StepBlock(
        grid,
        size,
        newLabels,
        newNameDropped == null ? nameDropped : newNameDropped,
        values,
        presence,
        histograms);
  }

  /** The same series with fewer points (taken over, not copied). */
  public StepBlock withPresence(long[] newPresence) {
    return new StepBlock(grid, size, labels, nameDropped, values, newPresence, histograms);
  }

  /** Only the series that have points; this block when all have. */
  public StepBlock withoutEmptySeries() {
    int[] kept = new int[size];
    int count = 0;
    for (int series = 0; series < size; series++) {
      if (hasPoints(series)) {
        kept[count++] = series;
      }
    }
    return count == size ? this : select(kept, count);
  }

  private boolean hasPoints(int series) {
    for (int i = series * words; i < (series + 1) * words; i++) {
      if (presence[i] != 0) {
        return true;
      }
    }
    return false;
  }

  /** The dropped-name bits, one per series; read only. */
  public long[] nameDroppedBits() {
    return nameDropped;
  }

  /** A block of one step, the same at every step of another grid. */
  public StepBlock repeatedOn(StepGrid wider) {
    if (steps != 1) {
      throw new IllegalStateException("only a block of one step can be repeated, not " + steps);
    }
    int width = wider.steps();
    int widerWords = wordsFor(width);
    double[] repeated = new double[cells(size, width)];
    long[] present = new long[size * widerWords];
    @Nullable NativeHistogram[] repeatedHistograms =
        histograms == null ? null : new @Nullable NativeHistogram[repeated.length];
    for (int series = 0; series < size; series++) {
      if (present(series, 0)) {
        if (histograms != null && repeatedHistograms != null) {
          Arrays.fill(repeatedHistograms, series * width, (series + 1) * width, histograms[series]);
        }
        Arrays.fill(repeated, series * width, (series + 1) * width, values[series]);
        Arrays.fill(present, series * widerWords, (series + 1) * widerWords, -1L);
        if ((width & 63) != 0) {
          present[(series + 1) * widerWords - 1] = (1L << width) - 1;
        }
      }
    }
    return new StepBlock(wider, size, labels, nameDropped, repeated, present, repeatedHistograms);
  }

  /** Whether both blocks carry the very same label sets, row by row. */
  @SuppressWarnings("ReferenceEquality") // The point is whether it is the same column.
  public boolean sharesLabels(StepBlock other) {
    return labels == other.labels;
  }

  /** The series in another order, or only some of them. */
  public StepBlock select(int[] series, int count) {
    Builder builder = new Builder(grid, count);
    for (int i = 0; i < count; i++) {
      builder.add(this, series[i], labels[series[i]], nameDropped(series[i]));
    }
    return builder.build();
  }

  private static int cells(int series, int steps) {
    long cells = (long) series * steps;
    if (cells > MAX_CELLS) {
      throw new QueryAborted(
          QueryAborted.Reason.TOO_MANY_BYTES,
          series
              + " series of "
              + steps
              + " steps are more than the "
              + MAX_CELLS
              + " values a step of a query may hold; ask for a longer step, a shorter range or"
              + " fewer series");
    }
    return (int) cells;
  }

  static int wordsFor(int steps) {
    return (steps + 63) >>> 6;
  }

  /** Gathers series into a block. Not thread-safe; used up by {@link #build}. */
  public static final class Builder {

    private final StepGrid grid;
    private final int steps;
    private final int words;
    private static final int FIRST_CELLS = 1 << 17;

    private int size;
    private Labels[] labels;
    private long[] nameDropped;
    private double[] values;
    private long[] presence;
    private @Nullable NativeHistogram @Nullable [] histograms;

    /** For series of which each is charged to the budget as it comes, so that few have room. */
    public static Builder growing(StepGrid grid, int expectedSeries) {
      return new Builder(grid, Math.min(expectedSeries, FIRST_CELLS / grid.steps()));
    }

    /**
     * @param expectedSeries get their room at once: no more of them than the budget has agreed to
     */
    public Builder(StepGrid grid, int expectedSeries) {
      this.grid = grid;
      this.steps = grid.steps();
      this.words = wordsFor(steps);
      int capacity = Math.max(1, Math.min(expectedSeries, MAX_CELLS / steps));
      labels = new Labels[capacity];
      nameDropped = new long[wordsFor(capacity)];
      values = new double[cells(capacity)];
      presence = new long[capacity * words];
    }

    public int size() {
      return size;
    }

    /** Begins a series without points and returns its index; {@link #set} fills it. */
    public int add(Labels seriesLabels, boolean dropName) {
      if (size == labels.length) {
        grow();
      }
      labels[size] = seriesLabels;
      if (dropName) {
        nameDropped[size >>> 6] |= 1L << size;
      }
      return size++;
    }

    /** Adds a series with the row's points, copied. */
    public int add(Labels seriesLabels, boolean dropName, StepRow row) {
      int series = add(seriesLabels, dropName);
      System.arraycopy(row.values(), 0, values, series * steps, steps);
      System.arraycopy(row.presence(), 0, presence, series * words, words);
      @Nullable NativeHistogram[] column = row.histograms();
      if (column != null) {
        System.arraycopy(column, 0, withHistograms(), series * steps, steps);
      }
      return series;
    }

    /** Adds a series with the points of another block on the same grid. */
    public int add(StepBlock from, int fromSeries, Labels seriesLabels, boolean dropName) {
      int series = add(seriesLabels, dropName);
      System.arraycopy(from.values, fromSeries * steps, values, series * steps, steps);
      System.arraycopy(from.presence, fromSeries * words, presence, series * words, words);
      if (from.histograms != null) {
        System.arraycopy(
            from.histograms, fromSeries * steps, withHistograms(), series * steps, steps);
      }
      return series;
    }

    /** Adds another block's points to a series that has none at the same steps. */
    public void merge(int series, StepBlock from, int fromSeries) {
      for (int step = 0; step < steps; step++) {
        if (from.present(fromSeries, step)) {
          copy(series, step, from, fromSeries);
        }
      }
    }

    /** Sets the point of another block at the same step. */
    public void copy(int series, int step, StepBlock from, int fromSeries) {
      NativeHistogram histogram = from.histogram(fromSeries, step);
      if (histogram == null) {
        set(series, step, from.value(fromSeries, step));
      } else {
        set(series, step, histogram);
      }
    }

    public void set(int series, int step, double value) {
      values[series * steps + step] = value;
      presence[series * words + (step >>> 6)] |= 1L << step;
    }

    public void set(int series, int step, NativeHistogram histogram) {
      withHistograms()[series * steps + step] = histogram;
      presence[series * words + (step >>> 6)] |= 1L << step;
    }

    private @Nullable NativeHistogram[] withHistograms() {
      @Nullable NativeHistogram[] column = histograms;
      if (column == null) {
        column = new @Nullable NativeHistogram[values.length];
        histograms = column;
      }
      return column;
    }

    public boolean present(int series, int step) {
      return (presence[series * words + (step >>> 6)] & (1L << step)) != 0;
    }

    public double value(int series, int step) {
      return values[series * steps + step];
    }

    public StepBlock build() {
      return new StepBlock(grid, size, labels, nameDropped, values, presence, histograms);
    }

    private void grow() {
      int capacity = size + (size >> 1) + 4;
      if ((long) capacity * steps > MAX_CELLS) {
        capacity = Math.max(size + 1, MAX_CELLS / steps);
      }
      labels = Arrays.copyOf(labels, capacity);
      nameDropped = Arrays.copyOf(nameDropped, wordsFor(capacity));
      values = Arrays.copyOf(values, cells(capacity));
      if (histograms != null) {
        histograms = Arrays.copyOf(histograms, values.length);
      }
      presence = Arrays.copyOf(presence, capacity * words);
    }

    private int cells(int series) {
      return StepBlock.cells(series, steps);
    }
  }
}
