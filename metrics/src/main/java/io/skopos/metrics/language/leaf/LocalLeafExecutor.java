// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.LabelGroups;
import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryValue;
import io.skopos.engine.StepBlock;
import io.skopos.engine.StepRow;
import io.skopos.engine.aggregation.Accumulator;
import io.skopos.engine.histogram.HistogramSize;
import io.skopos.metrics.language.function.PositionedAnnotations;
import io.skopos.metrics.language.function.WindowEdge;
import io.skopos.metrics.store.AggregatedSamples;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leaves over a store in this process. */
public final class LocalLeafExecutor implements LeafExecutor {

  private final SampleSource source;

  public LocalLeafExecutor(SampleSource source) {
    this.source = source;
  }

  @Override
  public LeafResult execute(
      LeafRequest request,
      QueryBudget budget,
      PositionedAnnotations annotations,
      SampleCount count) {
    int steps = request.grid().steps();
    // A row must fit before one is made.
    budget.holdSamples(steps);
    budget.releaseSamples(steps);
    TimeRange range = request.dataRange();
    SeriesReading reading = SeriesReading.of(request, annotations, count);
    boolean looksAtValues = reading.looksAtValues();
    try (SampleSource.Selection selection = select(request, range, budget)) {
      RowSink sink = RowSink.of(request, selection.size(), budget, annotations);
      SampleBuffer samples = new SampleBuffer();
      StepRow row = new StepRow(steps);
      @Nullable Aggregates aggregates =
          reading instanceof WindowReading windows && windows.takesAggregates()
              ? new Aggregates(windows)
              : null;
      for (int series = 0; series < selection.size(); series++) {
        if (aggregates != null && aggregates.read(selection, series, range)) {
          row.clear();
          int window = aggregates.evaluate(selection.labels(series), row);
          budget.holdSamples(window);
          sink.add(selection, series, row, reading.dropsName());
          budget.releaseSamples(window);
          continue;
        }
        samples.clear();
        if (looksAtValues) {
          selection.read(series, range.fromMs(), range.toMs(), samples);
        } else {
          selection.readTimes(series, range.fromMs(), range.toMs(), samples);
        }
        row.clear();
        int window = reading.read(selection.labels(series), samples, row);
        if (window > 0) {
          budget.holdSamples(window);
        }
        sink.add(selection, series, row, reading.dropsName());
        if (window > 0) {
          budget.releaseSamples(window);
        }
      }
      return new LeafResult(sink.build(), selection.warnings());
    }
  }

  /** Windows over aggregates, where the store has any. */
  private static final class Aggregates {

    /** After so many series in a row the next ones are not likely to have any of use. */
    private static final int MAX_MISSES = 8;

    private final WindowReading windows;
    private final AggregatedSamples samples = new AggregatedSamples();
    private int misses;

    Aggregates(WindowReading windows) {
      this.windows = windows;
    }

    /** False when the samples themselves must be read. */
    boolean read(SampleSource.Selection selection, int series, TimeRange range) {
      if (misses >= MAX_MISSES) {
        return false;
      }
      samples.clear();
      boolean read =
          selection.readAggregated(
                  series, range.fromMs(), range.toMs(), windows::liesWhole, samples)
              && samples.isRegular();
      misses = read && samples.saveSomething() ? 0 : misses + 1;
      return read;
    }

    int evaluate(Labels labels, StepRow row) {
      return windows.readAggregated(labels, samples, row);
    }
  }

  private SampleSource.Selection select(LeafRequest request, TimeRange range, QueryBudget budget) {
    List<String> names = request.labelNames();
    return names == null
        ? source.select(request.tenant(), request.matchers(), range, budget)
        : source.select(request.tenant(), request.matchers(), range, names, budget);
  }

  @Override
  public LeafSamples samples(LeafRequest request, QueryBudget budget, SampleCount count) {
    TimeRange range = request.dataRange();
    WindowEdge edge =
        request.reading() instanceof Reading.Windowed windowed ? windowed.edge() : WindowEdge.PLAIN;
    long end = request.windowEndMs(0);
    List<QueryValue.Series> result = new ArrayList<>();
    try (SampleSource.Selection selection =
        source.select(request.tenant(), request.matchers(), range, budget)) {
      SampleBuffer samples = new SampleBuffer();
      for (int series = 0; series < selection.size(); series++) {
        samples.clear();
        selection.read(series, range.fromMs(), range.toMs(), samples);
        WindowReading.removeStaleMarkers(samples);
        ResetHints.tell(samples, request.tellsResets());
        if (edge != WindowEdge.PLAIN) {
          EdgeSamples.extend(samples, end - request.windowMs(), end, edge == WindowEdge.SMOOTHED);
        }
        if (samples.size > 0) {
          long weight = samples.size + HistogramSize.beyondFloats(samples.histograms, samples.size);
          budget.holdSamples(weight);
          count.add(0, weight);
          result.add(series(selection.labels(series), samples));
        }
      }
      return new LeafSamples(result, selection.warnings());
    }
  }

  /** The samples of a buffer, copied. */
  public static QueryValue.Series series(Labels labels, SampleBuffer samples) {
    return new QueryValue.Series(
        labels,
        Arrays.copyOf(samples.timesMs, samples.size),
        Arrays.copyOf(samples.values, samples.size),
        samples.histograms == null ? null : Arrays.copyOf(samples.histograms, samples.size));
  }

  /** Where rows go: into a block, or into groups. */
  private abstract static class RowSink {

    static RowSink of(
        LeafRequest request, int series, QueryBudget budget, PositionedAnnotations annotations) {
      LeafRequest.Pushdown pushdown = request.pushdown();
      return pushdown == null
          ? new BlockSink(request, series, budget)
          : new GroupSink(request, pushdown, budget, annotations);
    }

    abstract void add(SampleSource.Selection selection, int series, StepRow row, boolean dropsName);

    abstract StepBlock build();
  }

  private static final class BlockSink extends RowSink {

    private final StepBlock.Builder builder;
    private final QueryBudget budget;

    BlockSink(LeafRequest request, int series, QueryBudget budget) {
      this.builder = StepBlock.Builder.growing(request.grid(), series);
      this.budget = budget;
    }

    @Override
    void add(SampleSource.Selection selection, int series, StepRow row, boolean dropsName) {
      if (row.count() > 0) {
        budget.holdSamples(row.weight());
        budget.holdAbsent(row.steps() - row.count());
        builder.add(selection.labels(series), dropsName, row);
      }
    }

    @Override
    StepBlock build() {
      return builder.build();
    }
  }

  private static final class GroupSink extends RowSink {

    private final LabelGroups groups;
    private final Accumulator accumulator;
    private final QueryBudget budget;
    private final int steps;

    GroupSink(
        LeafRequest request,
        LeafRequest.Pushdown pushdown,
        QueryBudget budget,
        PositionedAnnotations annotations) {
      this.groups = new LabelGroups(pushdown.grouping().selection());
      this.accumulator =
          Accumulator.of(
              pushdown.kind(),
              request.grid(),
              new AggregationNotes(
                  annotations, AggregationNotes.name(pushdown.kind()), pushdown.position()));
      this.budget = budget;
      this.steps = request.grid().steps();
    }

    @Override
    void add(SampleSource.Selection selection, int series, StepRow row, boolean dropsName) {
      if (row.count() == 0) {
        return;
      }
      int group = groups.idOf(selection.labels(series));
      if (group >= accumulator.groups()) {
        budget.holdSamples(steps);
      }
      accumulator.add(group, row, dropsName, selection.labels(series));
    }

    @Override
    StepBlock build() {
      StepBlock block = accumulator.build(groups::labels);
      budget.holdSamples(block.weight() - (long) accumulator.groups() * steps);
      return block;
    }
  }
}
