// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.StepGrid;
import io.skopos.engine.aggregation.Accumulator;
import io.skopos.engine.aggregation.Grouping;
import io.skopos.metrics.language.function.WindowEdge;
import io.skopos.model.Label;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything a leaf needs to know. Plain data.
 *
 * @param offsetMs how far before a step its window ends; may be negative
 * @param atMs the time that replaces every step's, when the selector stands still
 * @param windowMs length of the window: the lookback, or the range of a range function
 * @param lookbackMs how far windows with extended edges reach beyond their ends
 * @param tellsResets whether histograms tell of resets that were found
 * @param pushdown the aggregation to fold the series into
 */
public record LeafRequest(
    TenantId tenant,
    List<Matcher> matchers,
    StepGrid grid,
    Reading reading,
    long offsetMs,
    @Nullable Long atMs,
    long windowMs,
    long lookbackMs,
    boolean tellsResets,
    @Nullable Pushdown pushdown) {

  /**
   * An aggregation that can be folded series by series.
   *
   * @param position of what is aggregated in the query text, for annotations
   */
  public record Pushdown(Accumulator.Kind kind, Grouping grouping, int position) {}

  public LeafRequest {
    matchers = List.copyOf(matchers);
  }

  /** Whether the rows' values go nowhere: their points are only counted. */
  boolean asksForPresence() {
    return pushdown != null
        && switch (pushdown.kind()) {
          case COUNT, GROUP -> true;
          case SUM, AVG, MIN, MAX, STDVAR, STDDEV -> false;
        };
  }

  /**
   * The labels that matter, when not all do: those that are grouped by, and the metric's name, of
   * which annotations tell.
   */
  @Nullable List<String> labelNames() {
    if (pushdown == null || pushdown.grouping().without()) {
      return null;
    }
    boolean named =
        switch (reading) {
          case Reading.Latest() -> !asksForPresence();
          case Reading.Windowed windowed -> !windowed.function().equals("present_over_time");
          case Reading.LatestTime(), Reading.LatestStart(), Reading.Smoothed() -> true;
          case Reading.InfoTime() -> throw new IllegalStateException("info is not aggregated");
        };
    TreeSet<String> names = new TreeSet<>(pushdown.grouping().names());
    if (named) {
      names.add(Label.METRIC_NAME);
    }
    return List.copyOf(names);
  }

  /** End of the step's window, included. */
  public long windowEndMs(int step) {
    return (atMs == null ? grid.timeMs(step) : atMs) - offsetMs;
  }

  /** How far a window's start is moved back. */
  long reachBackMs() {
    return switch (reading) {
      case Reading.Windowed(_, WindowEdge edge, _, _) -> edge == WindowEdge.PLAIN ? 0 : lookbackMs;
      case Reading.Smoothed() -> 0;
      case Reading.Latest(), Reading.LatestTime(), Reading.InfoTime(), Reading.LatestStart() -> 0;
    };
  }

  /** How far a window's end is moved on. */
  long reachOnMs() {
    return switch (reading) {
      case Reading.Windowed(_, WindowEdge edge, _, _) ->
          edge == WindowEdge.SMOOTHED ? lookbackMs : 0;
      case Reading.Smoothed() -> lookbackMs;
      case Reading.Latest(), Reading.LatestTime(), Reading.InfoTime(), Reading.LatestStart() -> 0;
    };
  }

  /** The samples that can matter. Windows exclude their start. */
  public TimeRange dataRange() {
    long from = windowEndMs(0) - windowMs - reachBackMs() + 1;
    long to = windowEndMs(grid.steps() - 1) + reachOnMs();
    return new TimeRange(Math.min(from, to), to);
  }
}
