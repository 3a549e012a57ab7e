// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import org.jspecify.annotations.Nullable;

/** A block whose series get one label set anew. */
final class Relabelled {

  private Relabelled() {}

  /** The new value of the label for a series, or null to leave it. */
  interface Value {
    @Nullable String of(Labels labels);
  }

  static StepBlock of(StepBlock block, String name, Value value) {
    Labels[] labels = new Labels[block.size()];
    long[] nameDropped = block.nameDroppedBits().clone();
    boolean namesMetric = name.equals(Label.METRIC_NAME);
    for (int series = 0; series < block.size(); series++) {
      Labels before = block.labels(series);
      String newValue = value.of(before);
      if (newValue == null) {
        labels[series] = before;
        continue;
      }
      labels[series] =
          newValue.equals(before.getOrEmpty(name))
              ? before
              : new LabelsBuilder(before).set(name, newValue).build();
      if (namesMetric) {
        nameDropped[series >>> 6] &= ~(1L << series);
      }
    }
    return block.withLabels(labels, nameDropped);
  }
}
