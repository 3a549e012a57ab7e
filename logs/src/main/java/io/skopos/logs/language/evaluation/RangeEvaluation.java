// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.engine.LabelSelection;
import io.skopos.engine.MatchedLabels;
import io.skopos.engine.QueryBudget;
import io.skopos.engine.StepBlock;
import io.skopos.engine.StepGrid;
import io.skopos.engine.StepRow;
import io.skopos.engine.aggregation.Grouping;
import io.skopos.logs.language.ast.LogRange;
import io.skopos.logs.language.ast.RangeAggregation;
import io.skopos.logs.language.ast.RangeOperator;
import io.skopos.logs.language.pipeline.EntryState;
import io.skopos.logs.language.pipeline.ParserHints;
import io.skopos.logs.language.pipeline.Pipeline;
import io.skopos.logs.language.pipeline.Unwrap;
import io.skopos.logs.store.LogRun;
import io.skopos.logs.store.LogSelection;
import io.skopos.model.Labels;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A range aggregation on a grid. Entries go through the pipeline into buckets of their series, and
 * the buckets make the windows. Where neither lines nor labels matter, runs are counted as a whole.
 */
final class RangeEvaluation {

  private static final int CHECK_EVERY = 1024;

  private final QueryContext context;
  private final StepGrid grid;
  private final RangeAggregation aggregation;
  private final WindowBuckets windows;
  private final Pipeline pipeline;
  private final @Nullable Unwrap unwrap;
  private final @Nullable Grouping grouping;
  private final @Nullable LabelSelection labelsKept;
  private final LogPlan plan;
  private final EntryState entry;
  private final RangeState state;
  private final boolean ofBytes;
  private final SeriesKeys keys = new SeriesKeys();

  /** The key of each stream whose entries all have it; null where that was not found out yet. */
  private @Nullable Labels[] keyOfStream = new @Nullable Labels[64];

  /**
   * @param startNs the first step, to the nanosecond
   * @param outer how an aggregation around this one groups, which then needs nothing more; or null
   * @param narrow whether that aggregation is a sum, so that parsers may leave out other labels
   */
  RangeEvaluation(
      QueryContext context,
      StepGrid grid,
      long startNs,
      RangeAggregation aggregation,
      @Nullable Grouping outer,
      boolean narrow) {
    this.context = context;
    this.grid = grid;
    this.aggregation = aggregation;
    LogRange range = aggregation.range();
    long stepNs = grid.stepMs() * 1_000_000L;
    long shifted = startNs - range.offsetNs();
    windows = new WindowBuckets(shifted, stepNs, grid.steps(), range.intervalNs());
    pipeline = PipelineCompiler.compile(range.log().stages());
    unwrap = range.unwrap() == null ? null : PipelineCompiler.unwrap(range.unwrap());
    Grouping asked = aggregation.grouping() == null ? outer : aggregation.grouping();
    if (aggregation.operator() == RangeOperator.ABSENT_OVER_TIME) {
      asked = Grouping.ALL;
    }
    ParserHints hints =
        aggregation.grouping() == null && outer != null && !narrow
            ? ParserHints.ALL
            : ParserHints.of(read(), asked);
    grouping = unwrap == null ? asked : unwrap.grouping(asked);
    labelsKept = grouping == null ? null : grouping.selection();
    plan = LogPlan.of(range.log(), pipeline, hints);
    entry = new EntryState(hints, grouping);
    ofBytes =
        aggregation.operator() == RangeOperator.BYTES_OVER_TIME
            || aggregation.operator() == RangeOperator.BYTES_RATE;
    state = state(new CounterRate(shifted, stepNs, range.intervalNs()));
  }

  private Set<String> read() {
    Set<String> names = new LinkedHashSet<>(pipeline.requiredLabels());
    if (unwrap != null) {
      names.addAll(unwrap.requiredLabels());
    }
    return names;
  }

  private RangeState state(CounterRate rate) {
    double seconds = aggregation.range().intervalNs() / 1e9;
    return switch (aggregation.operator()) {
      case COUNT_OVER_TIME, ABSENT_OVER_TIME -> new CountState(windows, false, 1);
      case RATE ->
          unwrap == null
              ? new CountState(windows, false, seconds)
              : new SumState(windows, false, seconds);
      case BYTES_OVER_TIME -> new CountState(windows, true, 1);
      case BYTES_RATE -> new CountState(windows, true, seconds);
      case SUM_OVER_TIME -> new SumState(windows, false, 1);
      case AVG_OVER_TIME -> new SumState(windows, true, 1);
      case MIN_OVER_TIME -> new ExtremeState(windows, false);
      case MAX_OVER_TIME -> new ExtremeState(windows, true);
      case FIRST_OVER_TIME -> new EdgeState(windows, false);
      case LAST_OVER_TIME -> new EdgeState(windows, true);
      case STDVAR_OVER_TIME -> new VarianceState(windows, false);
      case STDDEV_OVER_TIME -> new VarianceState(windows, true);
      case QUANTILE_OVER_TIME ->
          new SampleState(
              windows, Objects.requireNonNull(aggregation.parameter()), rate, context.budget());
      case RATE_COUNTER -> new SampleState(windows, null, rate, context.budget());
    };
  }

  StepBlock evaluate() {
    LogSelection selection =
        plan.selection(
            context.tenant(), windows.fromNs(), windows.toNs(), LogSelection.Order.BY_STREAM);
    context.counts().beginScan();
    context
        .source()
        .scan(selection, context.budget(), this::visit)
        .forEach(context.annotations()::warn);
    state.complete();
    return aggregation.operator() == RangeOperator.ABSENT_OVER_TIME ? absent() : block();
  }

  private boolean visit(LogRun run) {
    context.counts().read(run);
    boolean allStay = pipeline.isEmpty() || (plan.isAllConditions() && run.fitsConditions());
    Labels key = allStay && unwrap == null ? wholeKey(run) : null;
    if (key != null && state instanceof CountState counter) {
      count(run, number(key) * windows.count(), counter);
    } else {
      each(run);
    }
    return true;
  }

  /** The key of all entries of a run; null when they may have different ones. */
  private @Nullable Labels wholeKey(LogRun run) {
    LabelSelection kept = labelsKept;
    if (kept != null && isAll()) {
      return Labels.EMPTY;
    }
    Labels stream = run.stream();
    if (!decides(stream) && run.hasMetadata()) {
      return null;
    }
    int number = run.streamNumber();
    if (number >= keyOfStream.length) {
      keyOfStream = Arrays.copyOf(keyOfStream, Math.max(number + 1, keyOfStream.length * 2));
    }
    Labels key = keyOfStream[number];
    if (key == null) {
      key = kept == null ? stream : kept.apply(stream);
      keyOfStream[number] = key;
    }
    return key;
  }

  private boolean isAll() {
    Grouping by = grouping;
    return by != null && !by.without() && by.names().isEmpty();
  }

  /** Whether the stream has all labels asked for, so that metadata cannot have them. */
  private boolean decides(Labels stream) {
    Grouping by = grouping;
    if (by == null || by.without()) {
      return false;
    }
    for (String name : by.names()) {
      if (!stream.has(name)) {
        return false;
      }
    }
    return true;
  }

  private int number(Labels key) {
    int before = keys.size();
    int number = keys.of(key);
    if (number == before) {
      context.budget().addSeries(1);
      context.budget().holdSamples(windows.count());
      state.reserve(number + 1);
    }
    return number;
  }

  private void count(LogRun run, int start, CountState counter) {
    int size = run.size();
    int bucket = windows.of(run.minTimeNs());
    if (run.maxTimeNs() <= windows.end()) {
      if (bucket >= 0) {
        counter.add(start + bucket, size, ofBytes ? run.lineBytes() : 0);
        context.counts().kept(size);
      }
      return;
    }
    long[] times = run.timesNs();
    int at = 0;
    while (at < size) {
      bucket = windows.of(times[at]);
      int end = after(times, at, size, windows.end());
      if (bucket >= 0) {
        counter.add(start + bucket, end - at, ofBytes ? run.lineBytes(at, end) : 0);
        context.counts().kept(end - at);
      }
      at = end;
    }
  }

  /** The first entry later than a time, found in steps that double. */
  private static int after(long[] times, int from, int size, long time) {
    int step = 1;
    int low = from + 1;
    int high = low;
    while (high < size && times[high] <= time) {
      low = high + 1;
      high += step;
      step *= 2;
    }
    high = Math.min(high, size);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void each(LogRun run) {
    int size = run.size();
    int bucket = windows.of(run.minTimeNs());
    boolean oneBucket = run.maxTimeNs() <= windows.end();
    if (oneBucket && bucket < 0) {
      return;
    }
    long[] times = oneBucket && !state.needsTimes() ? new long[0] : run.timesNs();
    Unwrap value = unwrap;
    long kept = 0;
    entry.run(run);
    for (int i = 0; i < size; i++) {
      if ((i & (CHECK_EVERY - 1)) == CHECK_EVERY - 1) {
        context.budget().checkRunning();
      }
      if (!oneBucket) {
        bucket = windows.of(times[i]);
        if (bucket < 0) {
          continue;
        }
      }
      entry.entry(i);
      if (!pipeline.process(entry)) {
        continue;
      }
      if (value != null && !value.process(entry)) {
        continue;
      }
      kept++;
      double amount = value != null ? value.value() : ofBytes ? entry.length() : 1;
      int cell = number(key()) * windows.count() + bucket;
      state.add(cell, times.length == 0 ? 0 : times[i], amount);
    }
    context.counts().kept(kept);
  }

  private Labels key() {
    Labels key = entry.grouped();
    if (!entry.hasError()) {
      return key;
    }
    if (entry.get(EntryState.PRESERVE_ERROR) == null) {
      throw PipelineFailure.of(key);
    }
    // The query asked for errors: they are labels as others are.
    LabelSelection kept = labelsKept;
    return kept == null ? key : kept.apply(key);
  }

  private StepBlock block() {
    QueryBudget budget = context.budget();
    StepBlock.Builder builder = StepBlock.Builder.growing(grid, keys.size());
    StepRow row = new StepRow(grid.steps());
    for (int series = 0; series < keys.size(); series++) {
      if ((series & 0xff) == 0) {
        budget.checkRunning();
      }
      row.clear();
      state.fill(series, row);
      int points = row.count();
      if (points > 0) {
        budget.holdSamples(points);
        budget.holdAbsent(grid.steps() - points);
        builder.add(keys.labels(series), false, row);
      }
    }
    release();
    return builder.build();
  }

  private void release() {
    long held = (long) keys.size() * windows.count();
    if (state instanceof SampleState samples) {
      held += samples.held();
    }
    context.budget().releaseSamples(held);
  }

  /** One where there is nothing. */
  private StepBlock absent() {
    StepRow present = new StepRow(grid.steps());
    for (int series = 0; series < keys.size(); series++) {
      state.fill(series, present);
    }
    release();
    StepRow row = new StepRow(grid.steps());
    for (int step = 0; step < grid.steps(); step++) {
      if (!present.present(step)) {
        row.set(step, 1);
      }
    }
    int points = row.count();
    if (points == 0) {
      return StepBlock.empty(grid);
    }
    context.budget().holdSamples(points);
    context.budget().holdAbsent(grid.steps() - points);
    StepBlock.Builder builder = new StepBlock.Builder(grid, 1);
    builder.add(MatchedLabels.of(aggregation.range().log().matchers()), false, row);
    return builder.build();
  }
}
