// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.binary;

import io.skopos.engine.LabelGroups;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepBlock;
import io.skopos.engine.StepGrid;
import io.skopos.model.Labels;

/** Collects points into rows by labels, so that equal label sets share a row. */
final class RowMerger {

  private final StepBlock.Builder builder;
  private final LabelGroups rows = LabelGroups.whole();

  RowMerger(StepGrid grid, int expectedSeries) {
    builder = new StepBlock.Builder(grid, expectedSeries);
  }

  int size() {
    return builder.size();
  }

  int row(Labels labels, boolean dropsName) {
    int row = rows.idOf(labels);
    if (row == builder.size()) {
      builder.add(labels, dropsName);
    }
    return row;
  }

  void set(int row, int step, double value) {
    if (builder.present(row, step)) {
      throw new QueryFailed("vector cannot contain metrics with the same labelset");
    }
    builder.set(row, step, value);
  }

  StepBlock build() {
    return builder.build();
  }
}
