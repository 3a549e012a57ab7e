// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

import io.skopos.engine.LabelGroups;
import io.skopos.engine.SeriesByGroup;
import io.skopos.engine.StepBlock;
import io.skopos.engine.histogram.HistogramNotes;

/** {@code quantile}: needs all values of a group at a step at once. */
public final class QuantileAggregation {

  private QuantileAggregation() {}

  /**
   * Histograms are passed over.
   *
   * @param quantiles one per step
   */
  public static StepBlock apply(
      StepBlock all, Grouping grouping, double[] quantiles, HistogramNotes notes) {
    StepBlock block = all.floats();
    if (block.count() < all.count()) {
      notes.ignored();
    }
    LabelGroups groups = new LabelGroups(grouping.selection());
    SeriesByGroup members = SeriesByGroup.of(groups.idsOf(block), groups.size());
    StepBlock.Builder builder = new StepBlock.Builder(block.grid(), groups.size());
    double[] scratch = new double[members.largest()];
    for (int group = 0; group < groups.size(); group++) {
      boolean dropsName = false;
      for (int i = members.start(group); i < members.end(group); i++) {
        dropsName |= block.nameDropped(members.series(i));
      }
      int series = builder.add(groups.labels(group), dropsName);
      for (int step = 0; step < block.steps(); step++) {
        int count = 0;
        for (int i = members.start(group); i < members.end(group); i++) {
          if (block.present(members.series(i), step)) {
            scratch[count++] = block.value(members.series(i), step);
          }
        }
        if (count > 0) {
          builder.set(series, step, Quantile.of(quantiles[step], scratch, count));
        }
      }
    }
    return builder.build();
  }
}
