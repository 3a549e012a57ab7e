// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

import io.skopos.engine.LabelSelection;
import io.skopos.model.Label;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code by (...)} or {@code without (...)}. Plain data.
 *
 * @param without whether the names are those to drop; the metric's name is dropped with them
 */
public record Grouping(boolean without, List<String> names) {

  /** All series into one group without labels. */
  public static final Grouping ALL = new Grouping(false, List.of());

  public Grouping {
    names = List.copyOf(names);
  }

  public LabelSelection selection() {
    if (!without) {
      return LabelSelection.keeping(names);
    }
    List<String> dropped = new ArrayList<>(names);
    dropped.add(Label.METRIC_NAME);
    return LabelSelection.dropping(dropped);
  }
}
