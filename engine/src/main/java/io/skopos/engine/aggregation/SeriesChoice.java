// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

import io.skopos.engine.LabelGroups;
import io.skopos.engine.SeriesByGroup;
import io.skopos.engine.StepBlock;
import io.skopos.engine.histogram.HistogramNotes;
import java.util.Arrays;

/**
 * {@code topk}, {@code bottomk}, {@code limitk} and {@code limit_ratio}: some series of each group,
 * under their own labels, chosen at every step anew.
 */
public final class SeriesChoice {

  private SeriesChoice() {}

  /**
   * The {@code k} largest or smallest values of each group; NaN only where nothing else is left. On
   * a grid of one step the rows come group by group, best first. Histograms are passed over.
   *
   * @param k one per step; less than one chooses nothing
   */
  public static StepBlock extremes(
      StepBlock all, Grouping grouping, double[] k, boolean largest, HistogramNotes notes) {
    StepBlock block = all.floats();
    if (block.count() < all.count()) {
      notes.ignored();
    }
    LabelGroups groups = new LabelGroups(grouping.selection());
    SeriesByGroup members = SeriesByGroup.of(groups.idsOf(block), groups.size());
    Ranking ranking = new Ranking(block, largest, members.largest());
    StepBlock.Builder builder = new StepBlock.Builder(block.grid(), 16);
    int[] rows = new int[block.size()];
    Arrays.fill(rows, -1);
    for (int step = 0; step < block.steps(); step++) {
      int wanted = (int) Math.min(k[step], block.size());
      if (wanted < 1) {
        continue;
      }
      for (int group = 0; group < groups.size(); group++) {
        int count = ranking.best(members, group, step, wanted);
        for (int i = 0; i < count; i++) {
          copy(block, ranking.chosen[i], step, builder, rows);
        }
      }
    }
    return builder.build();
  }

  /**
   * The first {@code k} series of each group that have a point.
   *
   * @param k one per step; less than one chooses nothing
   */
  public static StepBlock first(StepBlock block, Grouping grouping, double[] k) {
    LabelGroups groups = new LabelGroups(grouping.selection());
    int[] groupOf = groups.idsOf(block);
    int[] taken = new int[groups.size()];
    StepBlock.Builder builder = new StepBlock.Builder(block.grid(), 16);
    int[] rows = new int[block.size()];
    Arrays.fill(rows, -1);
    for (int step = 0; step < block.steps(); step++) {
      Arrays.fill(taken, 0);
      int wanted = (int) Math.min(k[step], block.size());
      for (int series = 0; series < block.size(); series++) {
        if (block.present(series, step) && taken[groupOf[series]] < wanted) {
          taken[groupOf[series]]++;
          copy(block, series, step, builder, rows);
        }
      }
    }
    return builder.build();
  }

  /**
   * The share of series whose label hash lies below the ratio, or for a negative ratio the others,
   * so that {@code r} and {@code r - 1} together choose every series once.
   *
   * @param ratios one per step, clamped to -1 to 1
   */
  public static StepBlock ratio(StepBlock block, double[] ratios) {
    StepBlock.Builder builder = new StepBlock.Builder(block.grid(), 16);
    int[] rows = new int[block.size()];
    Arrays.fill(rows, -1);
    for (int series = 0; series < block.size(); series++) {
      double offset = LabelHash.fraction(block.labels(series));
      for (int step = 0; step < block.steps(); step++) {
        double ratio = Math.clamp(ratios[step], -1.0, 1.0);
        boolean chosen = ratio >= 0 ? offset < ratio : offset >= 1.0 + ratio;
        if (chosen && block.present(series, step)) {
          copy(block, series, step, builder, rows);
        }
      }
    }
    return builder.build();
  }

  private static void copy(
      StepBlock block, int series, int step, StepBlock.Builder builder, int[] rows) {
    if (rows[series] < 0) {
      rows[series] = builder.add(block.labels(series), block.nameDropped(series));
    }
    builder.copy(rows[series], step, block, series);
  }

  /** A bounded heap of series, its worst on top, sorted best first when a group is done. */
  private static final class Ranking {

    private final StepBlock block;
    private final boolean largest;
    private final int[] chosen;

    Ranking(StepBlock block, boolean largest, int capacity) {
      this.block = block;
      this.largest = largest;
      this.chosen = new int[capacity];
    }

    int best(SeriesByGroup members, int group, int step, int wanted) {
      int count = 0;
      for (int i = members.start(group); i < members.end(group); i++) {
        int series = members.series(i);
        if (!block.present(series, step)) {
          continue;
        }
        if (count < wanted) {
          chosen[count++] = series;
          siftUp(count - 1, step);
        } else if (worse(chosen[0], series, step)) {
          chosen[0] = series;
          siftDown(0, count, step);
        }
      }
      for (int end = count - 1; end > 0; end--) {
        swap(0, end);
        siftDown(0, end, step);
      }
      return count;
    }

    /** NaN is the worst in both directions; of equals the earlier series is better. */
    private boolean worse(int series, int than, int step) {
      double left = block.value(series, step);
      double right = block.value(than, step);
      if (Double.isNaN(left) || Double.isNaN(right)) {
        boolean both = Double.isNaN(left) && Double.isNaN(right);
        return both ? series > than : Double.isNaN(left);
      }
      if (left == right) {
        return series > than;
      }
      return largest ? left < right : left > right;
    }

    private void siftUp(int start, int step) {
      int at = start;
      while (at > 0) {
        int parent = (at - 1) / 2;
        if (!worse(chosen[at], chosen[parent], step)) {
          return;
        }
        swap(at, parent);
        at = parent;
      }
    }

    private void siftDown(int start, int count, int step) {
      int at = start;
      while (2 * at + 1 < count) {
        int child = 2 * at + 1;
        if (child + 1 < count && worse(chosen[child + 1], chosen[child], step)) {
          child++;
        }
        if (!worse(chosen[child], chosen[at], step)) {
          return;
        }
        swap(at, child);
        at = child;
      }
    }

    private void swap(int left, int right) {
      int series = chosen[left];
      chosen[left] = chosen[right];
      chosen[right] = series;
    }
  }
}
