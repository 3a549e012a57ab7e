// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import io.skopos.model.Labels;
import java.util.Map;
import java.util.TreeMap;

/** Small blocks written and read as text: values by step, {@code _} for none. */
public final class Blocks {

  private Blocks() {}

  /** Labels and values in turn, all series of the same number of steps. */
  public static StepBlock of(Object... labelsAndValues) {
    int steps = ((String) labelsAndValues[1]).split(" ", -1).length;
    StepGrid grid = new StepGrid(0, (steps - 1) * 1000L, 1000);
    StepBlock.Builder builder = new StepBlock.Builder(grid, 0);
    for (int i = 0; i < labelsAndValues.length; i += 2) {
      int series = builder.add((Labels) labelsAndValues[i], false);
      String[] values = ((String) labelsAndValues[i + 1]).split(" ", -1);
      for (int step = 0; step < steps; step++) {
        if (!values[step].equals("_")) {
          builder.set(series, step, Double.parseDouble(values[step]));
        }
      }
    }
    return builder.build();
  }

  public static Map<Labels, String> text(StepBlock block) {
    Map<Labels, String> rows = new TreeMap<>();
    for (int series = 0; series < block.size(); series++) {
      StringBuilder row = new StringBuilder();
      for (int step = 0; step < block.steps(); step++) {
        row.append(step == 0 ? "" : " ");
        row.append(block.present(series, step) ? "" + block.value(series, step) : "_");
      }
      if (rows.put(block.labels(series), row.toString()) != null) {
        throw new AssertionError("twice: " + block.labels(series));
      }
    }
    return rows;
  }
}
