// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import io.skopos.model.Labels;

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
    if (builder.present(row, step)) {
      throw new QueryFailed("vector cannot contain metrics with the same labelset");
    }
    builder.set(row, step, value);
  }

  public StepBlock build() {
    return builder.build();
  }
}
