// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;
import java.util.Comparator;
import java.util.stream.IntStream;

/** {@code sort} and {@code sort_desc}: an instant query's series by value, NaN last. */
record SortByValue(boolean descending) implements VectorFunction {

  private static final String INEFFECTIVE =
      "sort is ineffective for range queries since results are always ordered by labels";

  @Override
  public StepBlock apply(VectorCall call) {
    StepBlock block = call.vector(0).floats();
    if (isRange(call)) {
      return block;
    }
    Comparator<Integer> byValue = Comparator.comparingDouble(series -> block.value(series, 0));
    Comparator<Integer> order =
        Comparator.<Integer, Boolean>comparing(series -> Double.isNaN(block.value(series, 0)))
            .thenComparing(descending ? byValue.reversed() : byValue);
    return ordered(block, order);
  }

  /** Whether there is an order to lose; then the user is told. */
  static boolean isRange(VectorCall call) {
    boolean range = call.grid().endMs() > call.grid().startMs();
    if (range) {
      call.annotations().warn(INEFFECTIVE, call.position());
    }
    return range;
  }

  static StepBlock ordered(StepBlock block, Comparator<Integer> order) {
    int[] present =
        IntStream.range(0, block.size())
            .filter(series -> block.present(series, 0))
            .boxed()
            .sorted(order)
            .mapToInt(Integer::intValue)
            .toArray();
    return block.select(present, present.length);
  }
}
