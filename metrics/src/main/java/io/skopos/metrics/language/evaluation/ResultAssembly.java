// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

import io.skopos.engine.LabelSelection;
import io.skopos.engine.LabelledRows;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.QueryValue;
import io.skopos.engine.StepBlock;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what the evaluation left into the answer: names dropped, series merged and sorted. */
public final class ResultAssembly {

  /** What describes the metric rather than the series; a changed value makes it untrue. */
  private static final LabelSelection WITHOUT_METADATA =
      LabelSelection.dropping(List.of(Label.METRIC_NAME, "__type__", "__unit__"));

  private ResultAssembly() {}

  static Labels withoutName(Labels labels) {
    return WITHOUT_METADATA.apply(labels);
  }

  /** The answer to an instant query; the order of series is the evaluation's. */
  public static QueryValue instant(Value value, long timeMs) {
    return switch (value) {
      case Value.Text(String text) -> new QueryValue.Text(timeMs, text);
      case Value.Scalars(double[] values) -> new QueryValue.Scalar(timeMs, values[0]);
      case Value.Vector(StepBlock block) -> {
        StepBlock named = named(block);
        List<QueryValue.Sample> samples = new ArrayList<>(named.size());
        for (int series = 0; series < named.size(); series++) {
          if (named.present(series, 0)) {
            samples.add(
                new QueryValue.Sample(
                    named.labels(series),
                    timeMs,
                    named.value(series, 0),
                    named.histogram(series, 0)));
          }
        }
        yield new QueryValue.Vector(samples);
      }
    };
  }

  /** The answer to a range query, sorted by labels. */
  public static QueryValue.Matrix range(Value value, StepBlock empty) {
    StepBlock block =
        switch (value) {
          case Value.Vector(StepBlock vector) -> named(vector);
          case Value.Scalars(double[] values) -> scalars(values, empty);
          case Value.Text _ -> throw new QueryFailed("a string has no range");
        };
    List<QueryValue.Series> series = new ArrayList<>(block.size());
    for (int i = 0; i < block.size(); i++) {
      int points = block.count(i);
      if (points > 0) {
        series.add(series(block, i, points));
      }
    }
    return sorted(series);
  }

  /**
   * The samples of a range vector.
   *
   * @throws QueryFailed when two series have the same labels
   */
  public static QueryValue.Matrix samples(List<QueryValue.Series> series) {
    QueryValue.Matrix matrix = sorted(new ArrayList<>(series));
    for (int i = 1; i < matrix.series().size(); i++) {
      if (matrix.series().get(i).labels().equals(matrix.series().get(i - 1).labels())) {
        throw new QueryFailed("vector cannot contain metrics with the same labelset");
      }
    }
    return matrix;
  }

  private static QueryValue.Matrix sorted(List<QueryValue.Series> series) {
    series.sort(Comparator.comparing(QueryValue.Series::labels));
    return new QueryValue.Matrix(series);
  }

  private static QueryValue.Series series(StepBlock block, int series, int points) {
    long[] times = new long[points];
    double[] values = new double[points];
    @Nullable NativeHistogram[] histograms =
        block.hasHistograms() ? new @Nullable NativeHistogram[points] : null;
    int at = 0;
    for (int step = 0; step < block.steps(); step++) {
      if (block.present(series, step)) {
        times[at] = block.grid().timeMs(step);
        values[at] = block.value(series, step);
        if (histograms != null) {
          histograms[at] = block.histogram(series, step);
        }
        at++;
      }
    }
    return new QueryValue.Series(block.labels(series), times, values, histograms);
  }

  private static StepBlock scalars(double[] values, StepBlock empty) {
    StepBlock.Builder builder = new StepBlock.Builder(empty.grid(), 1);
    int row = builder.add(Labels.EMPTY, false);
    for (int step = 0; step < values.length; step++) {
      builder.set(row, step, values[step]);
    }
    return builder.build();
  }

  /** Drops the names that were marked; rows that become equal are merged unless they clash. */
  static StepBlock named(StepBlock block) {
    Labels[] labels = new Labels[block.size()];
    LabelledRows rows = new LabelledRows(block.grid(), block.size());
    int[] rowOf = new int[block.size()];
    int kept = 0;
    for (int series = 0; series < block.size(); series++) {
      rowOf[series] = -1;
      labels[series] = block.labels(series);
      if (block.nameDropped(series)) {
        labels[series] = withoutName(labels[series]);
      }
      if (block.count(series) > 0) {
        rowOf[series] = rows.row(labels[series], false);
        kept++;
      }
    }
    if (rows.size() == kept) {
      return block.withLabels(labels, new long[block.nameDroppedBits().length]);
    }
    for (int series = 0; series < block.size(); series++) {
      for (int step = 0; step < block.steps(); step++) {
        if (rowOf[series] >= 0 && block.present(series, step)) {
          rows.copy(rowOf[series], step, block, series);
        }
      }
    }
    return rows.build();
  }
}
