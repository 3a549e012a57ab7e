// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

import io.skopos.engine.LabelGroups;
import io.skopos.engine.QueryBudget;
import io.skopos.engine.StepBlock;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.histogram.NativeHistogram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/** {@code count_values}: how many series of a group have each value, the value as a label. */
public final class ValueCounts {

  /** What a new label set and its place in the group table cost beside its bytes. */
  private static final int GROUP_BYTES = 128;

  private ValueCounts() {}

  /**
   * @param label the name of the label that holds the value
   * @param text how the language writes a number
   * @param histogramText likewise a histogram
   * @param budget charged while the counts are gathered: every value needs a row of its own
   */
  public static StepBlock apply(
      StepBlock block,
      Grouping grouping,
      String label,
      DoubleFunction<String> text,
      Function<NativeHistogram, String> histogramText,
      QueryBudget budget) {
    Grouping withLabel = grouping;
    if (!grouping.without()) {
      List<String> names = new ArrayList<>(grouping.names());
      names.add(label);
      withLabel = new Grouping(false, names);
    }
    LabelGroups groups = new LabelGroups(withLabel.selection());
    StepBlock.Builder builder = new StepBlock.Builder(block.grid(), 16);
    for (int series = 0; series < block.size(); series++) {
      Map<Object, Integer> groupOfValue = new HashMap<>();
      for (int step = 0; step < block.steps(); step++) {
        if (!block.present(series, step)) {
          continue;
        }
        NativeHistogram histogram = block.histogram(series, step);
        Object value = histogram == null ? (Object) block.value(series, step) : histogram;
        Integer known = groupOfValue.get(value);
        if (known == null) {
          String written =
              histogram == null
                  ? text.apply(block.value(series, step))
                  : histogramText.apply(histogram);
          known = groups.idOf(new LabelsBuilder(block.labels(series)).set(label, written).build());
          groupOfValue.put(value, known);
          if (known == builder.size()) {
            budget.holdSamples(block.steps());
            budget.addBytes(groups.labels(known).canonicalBytes().length + GROUP_BYTES);
            builder.add(groups.labels(known), false);
          }
        }
        double before = builder.present(known, step) ? builder.value(known, step) : 0;
        builder.set(known, step, before + 1);
      }
    }
    budget.releaseSamples((long) builder.size() * block.steps());
    return builder.build();
  }
}
