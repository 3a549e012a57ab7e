// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;
import io.skopos.model.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * {@code sort_by_label} and {@code sort_by_label_desc}: an instant query's series by the values of
 * labels, numbers in them as numbers, then by all labels.
 */
record SortByLabel(boolean descending) implements VectorFunction {

  @Override
  public StepBlock apply(VectorCall call) {
    StepBlock block = call.vector(0);
    if (SortByValue.isRange(call)) {
      return block;
    }
    List<String> names = new ArrayList<>();
    for (int i = 1; i < call.arguments(); i++) {
      names.add(call.text(i));
    }
    Comparator<Labels> order =
        (left, right) -> {
          for (String name : names) {
            int byLabel =
                NaturalOrder.INSTANCE.compare(left.getOrEmpty(name), right.getOrEmpty(name));
            if (byLabel != 0) {
              return byLabel;
            }
          }
          return left.compareTo(right);
        };
    Comparator<Labels> directed = descending ? order.reversed() : order;
    return SortByValue.ordered(
        block, (left, right) -> directed.compare(block.labels(left), block.labels(right)));
  }
}
