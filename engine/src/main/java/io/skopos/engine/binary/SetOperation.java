// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.binary;

import io.skopos.engine.LabelGroups;
import io.skopos.engine.StepBlock;
import java.util.Arrays;

/** {@code and}, {@code or}, {@code unless}: bit operations on presence. */
public final class SetOperation {

  private SetOperation() {}

  public static StepBlock apply(
      SetOperator operator, StepBlock left, StepBlock right, VectorMatching matching) {
    LabelGroups signatures = new LabelGroups(matching.signature());
    int[] leftIds = signatures.idsOf(left);
    int[] rightIds = signatures.idsOf(right);
    return switch (operator) {
      case AND -> masked(left, leftIds, presenceOf(right, rightIds, signatures.size()), false);
      case UNLESS -> masked(left, leftIds, presenceOf(right, rightIds, signatures.size()), true);
      case OR ->
          union(left, masked(right, rightIds, presenceOf(left, leftIds, signatures.size()), true));
    };
  }

  /** Where any series of each signature has a point. */
  private static long[] presenceOf(StepBlock block, int[] ids, int signatures) {
    int words = block.wordsPerSeries();
    long[] present = new long[signatures * words];
    for (int series = 0; series < block.size(); series++) {
      for (int word = 0; word < words; word++) {
        present[ids[series] * words + word] |= block.presence()[series * words + word];
      }
    }
    return present;
  }

  private static StepBlock masked(StepBlock block, int[] ids, long[] mask, boolean without) {
    int words = block.wordsPerSeries();
    long[] presence = Arrays.copyOf(block.presence(), block.size() * words);
    for (int series = 0; series < block.size(); series++) {
      for (int word = 0; word < words; word++) {
        long bits = mask[ids[series] * words + word];
        presence[series * words + word] &= without ? ~bits : bits;
      }
    }
    return block.withPresence(presence).withoutEmptySeries();
  }

  private static StepBlock union(StepBlock left, StepBlock right) {
    StepBlock.Builder builder = new StepBlock.Builder(left.grid(), left.size() + right.size());
    LabelGroups rows = LabelGroups.whole();
    int[] rowOf = new int[left.size() + right.size()];
    Arrays.fill(rowOf, -1);
    for (int series = 0; series < left.size(); series++) {
      int row = builder.add(left, series, left.labels(series), left.nameDropped(series));
      int id = rows.idOf(left.labels(series));
      rowOf[id] = row;
    }
    for (int series = 0; series < right.size(); series++) {
      int id = rows.idOf(right.labels(series));
      // The same labels on both sides are in the same match group: never present at once.
      if (rowOf[id] >= 0) {
        builder.merge(rowOf[id], right, series);
      } else {
        rowOf[id] = builder.add(right, series, right.labels(series), right.nameDropped(series));
      }
    }
    return builder.build();
  }
}
