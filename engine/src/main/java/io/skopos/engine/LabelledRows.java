// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;

/** Collects points into rows by labels, so that equal label sets share a row. Not thread-safe. */
public final class LabelledRows {

  private final StepBlock.Builder builder;
  private final LabelGroups rows = LabelGroups.whole();

  public LabelledRows(StepGrid grid, int expectedSeries) {
    builder = new StepBlock.Builder(grid, expectedSeries);
  }

  public int size() {
    return builder.size();
  }

  /** The row of these labels, new or known. */
  public int row(Labels labels, boolean dropsName) {
    int row = rows.idOf(labels);
    if (row == builder.size()) {
      builder.add(labels, dropsName);
    }
    return row;
  }

  /**
   * @throws QueryFailed when the row has a point at the step already
   */
  public void set(int row, int step, double value) {
    refuseSecond(row, step);
    builder.set(row, step, value);
  }

  /**
   * @throws QueryFailed when the row has a point at the step already
   */
  public void set(int row, int step, NativeHistogram histogram) {
    refuseSecond(row, step);
    builder.set(row, step, histogram);
  }

  /**
   * Sets the point of a block at the same step.
   *
   * @throws QueryFailed when the row has a point at the step already
   */
  public void copy(int row, int step, StepBlock from, int series) {
    refuseSecond(row, step);
    builder.copy(row, step, from, series);
  }

  private void refuseSecond(int row, int step) {
    if (builder.present(row, step)) {
      throw new QueryFailed("vector cannot contain metrics with the same labelset");
    }
  }

  public StepBlock build() {
    return builder.build();
  }
}
