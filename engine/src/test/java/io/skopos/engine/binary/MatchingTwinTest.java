// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.binary;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.engine.Blocks;
import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepBlock;
import io.skopos.engine.StepGrid;
import io.skopos.engine.binary.VectorMatching.Cardinality;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Matching by rows and groups answers what looking at every pair at every step answers. */
class MatchingTwinTest {

  private static final int STEPS = 6;

  @Test
  void joinsAnswerAsEveryPairAtEveryStepWould() {
    int failures = 0;
    for (long seed = 0; seed < 600; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StepBlock left = block(random, "left");
      StepBlock right = block(random, "right");
      boolean many = random.nextBoolean();
      VectorMatching matching =
          new VectorMatching(
              many ? Cardinality.MANY_TO_ONE : Cardinality.ONE_TO_ONE,
              true,
              random.nextInt(4) == 0 ? List.of() : List.of("job"),
              many && random.nextBoolean() ? List.of("zone") : List.of(),
              null,
              null);
      Map<Labels, String> expected = plain(left, right, matching);
      Map<Labels, String> found = null;
      try {
        found =
            Blocks.text(
                VectorOperation.apply(
                    BinaryOperator.ADD,
                    left,
                    right,
                    matching,
                    false,
                    OperatorNotes.NONE,
                    QueryBudget.unlimited()));
      } catch (QueryFailed e) {
        failures++;
      }
      assertThat(found).as("seed %d", seed).isEqualTo(expected);
    }
    assertThat(failures).as("ambiguous ones among them").isBetween(20, 500);
  }

  /** Null when some match is ambiguous. */
  private static @Nullable Map<Labels, String> plain(
      StepBlock left, StepBlock right, VectorMatching matching) {
    Map<Labels, String[]> rows = new TreeMap<>();
    for (int step = 0; step < STEPS; step++) {
      if (isAmbiguous(left, right, matching, step)) {
        return null;
      }
      List<Labels> matched = new ArrayList<>();
      for (int l = 0; l < left.size(); l++) {
        for (int r = 0; r < right.size(); r++) {
          Labels signature = signature(left.labels(l), matching);
          if (!left.present(l, step)
              || !right.present(r, step)
              || !signature.equals(signature(right.labels(r), matching))) {
            continue;
          }
          if (matching.cardinality() == Cardinality.ONE_TO_ONE && matched.contains(signature)) {
            return null;
          }
          matched.add(signature);
          Labels labels = result(left.labels(l), right.labels(r), matching);
          String[] row = rows.computeIfAbsent(labels, any -> blank());
          if (!row[step].equals("_")) {
            return null;
          }
          row[step] = "" + (left.value(l, step) + right.value(r, step));
        }
      }
    }
    Map<Labels, String> text = new TreeMap<>();
    rows.forEach((labels, row) -> text.put(labels, String.join(" ", row)));
    return text;
  }

  /** Two series of the one side with one signature, while there is anything on the other side. */
  private static boolean isAmbiguous(
      StepBlock left, StepBlock right, VectorMatching matching, int step) {
    boolean anyLeft = false;
    for (int l = 0; l < left.size(); l++) {
      anyLeft |= left.present(l, step);
    }
    List<Labels> signatures = new ArrayList<>();
    for (int r = 0; r < right.size(); r++) {
      if (right.present(r, step)) {
        Labels signature = signature(right.labels(r), matching);
        if (anyLeft && signatures.contains(signature)) {
          return true;
        }
        signatures.add(signature);
      }
    }
    return false;
  }

  private static String[] blank() {
    String[] row = new String[STEPS];
    Arrays.fill(row, "_");
    return row;
  }

  private static Labels signature(Labels labels, VectorMatching matching) {
    LabelsBuilder builder = new LabelsBuilder();
    for (String name : matching.names()) {
      builder.set(name, labels.getOrEmpty(name));
    }
    return builder.build();
  }

  private static Labels result(Labels left, Labels right, VectorMatching matching) {
    if (matching.cardinality() == Cardinality.ONE_TO_ONE) {
      return signature(left, matching);
    }
    LabelsBuilder builder = new LabelsBuilder(left).set("__name__", "");
    for (String name : matching.include()) {
      builder.set(name, right.getOrEmpty(name));
    }
    return builder.build();
  }

  private static StepBlock block(SplittableRandom random, String name) {
    StepBlock.Builder builder =
        new StepBlock.Builder(new StepGrid(0, (STEPS - 1) * 1000L, 1000), 4);
    int size = 1 + random.nextInt(4);
    for (int i = 0; i < size; i++) {
      int series =
          builder.add(
              Labels.of("__name__", name, "job", "j" + random.nextInt(3), "zone", name + i), false);
      int from = random.nextInt(STEPS);
      for (int step = from; step < Math.min(STEPS, from + 1 + random.nextInt(3)); step++) {
        builder.set(series, step, random.nextInt(100));
      }
    }
    return builder.build();
  }
}
