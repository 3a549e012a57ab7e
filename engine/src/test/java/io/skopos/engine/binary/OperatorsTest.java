// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.engine.Blocks;
import io.skopos.engine.QueryAborted;
import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepBlock;
import io.skopos.engine.StepGrid;
import io.skopos.engine.binary.VectorMatching.Cardinality;
import io.skopos.model.Labels;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OperatorsTest {

  private static final Labels A = Labels.of("__name__", "x", "job", "a");
  private static final Labels B = Labels.of("__name__", "x", "job", "b");
  private static final Labels A2 = Labels.of("__name__", "y", "job", "a", "zone", "2");
  private static final Labels JOB_A = Labels.of("job", "a");
  private static final VectorMatching ON_JOB = matching(Cardinality.ONE_TO_ONE, null, null);

  @Test
  void arithmeticMatchesStepByStepAndDropsTheName() {
    StepBlock left = Blocks.of(A, "1 2 _", B, "7 7 7");
    StepBlock right = Blocks.of(A2, "10 _ 30");
    assertThat(
            Blocks.text(
                VectorOperation.apply(
                    BinaryOperator.ADD,
                    left,
                    right,
                    ON_JOB,
                    false,
                    OperatorNotes.NONE,
                    QueryBudget.unlimited())))
        .containsOnly(Map.entry(JOB_A, "11.0 _ _"));
  }

  @Test
  void filtersKeepTheLeftValue() {
    StepBlock left = Blocks.of(A, "1 50 3");
    StepBlock right = Blocks.of(A, "10 20 3");
    assertThat(
            Blocks.text(
                VectorOperation.apply(
                    BinaryOperator.GREATER,
                    left,
                    right,
                    VectorMatching.DEFAULT,
                    false,
                    OperatorNotes.NONE,
                    QueryBudget.unlimited())))
        .containsOnly(Map.entry(A, "_ 50.0 _"));
  }

  @Test
  void severalMatchesFailOnlyWhereTheyMeet() {
    StepBlock left = Blocks.of(A, "1 _", Labels.of("job", "a", "zone", "1"), "_ 5");
    StepBlock right = Blocks.of(A2, "2 2");
    assertThat(
            Blocks.text(
                VectorOperation.apply(
                    BinaryOperator.MUL,
                    left,
                    right,
                    ON_JOB,
                    false,
                    OperatorNotes.NONE,
                    QueryBudget.unlimited())))
        .containsOnly(Map.entry(JOB_A, "2.0 10.0"));
    StepBlock clash = Blocks.of(A, "1", Labels.of("job", "a", "zone", "1"), "5");
    assertThatThrownBy(() ->
            VectorOperation.apply(
                BinaryOperator.MUL,
                clash,
                Blocks.of(A2, "2"),
                ON_JOB,
                false,
                OperatorNotes.NONE,
                QueryBudget.unlimited()))
        .isInstanceOf(QueryFailed.class)
        .hasMessage(
            "multiple matches for labels: many-to-one matching must be explicit"
                + " (group_left/group_right)");
    assertThatThrownBy(() ->
            VectorOperation.apply(
                BinaryOperator.MUL,
                Blocks.of(A2, "2"),
                clash,
                ON_JOB,
                false,
                OperatorNotes.NONE,
                QueryBudget.unlimited()))
        .isInstanceOf(QueryFailed.class)
        .hasMessageContaining(
            "found duplicate series for the match group {job=\"a\"} on the right hand-side");
  }

  @Test
  void theOneSideLendsLabels() {
    VectorMatching matching =
        new VectorMatching(
            Cardinality.MANY_TO_ONE, true, List.of("job"), List.of("zone"), null, null);
    StepBlock many = Blocks.of(A, "1", Labels.of("job", "a", "id", "1"), "2");
    assertThat(
            Blocks.text(
                VectorOperation.apply(
                    BinaryOperator.SUB,
                    many,
                    Blocks.of(A2, "10"),
                    matching,
                    false,
                    OperatorNotes.NONE,
                    QueryBudget.unlimited())))
        .containsEntry(Labels.of("job", "a", "zone", "2"), "-9.0")
        .containsEntry(Labels.of("job", "a", "id", "1", "zone", "2"), "-8.0");
  }

  @Test
  void fillsStandInForMissingSamples() {
    StepBlock left = Blocks.of(A, "1 _ _");
    StepBlock right = Blocks.of(A2, "10 20 _", Labels.of("job", "c"), "_ _ 3");
    assertThat(
            Blocks.text(
                VectorOperation.apply(
                    BinaryOperator.ADD,
                    left,
                    right,
                    matching(Cardinality.ONE_TO_ONE, 100.0, null),
                    false,
                    OperatorNotes.NONE,
                    QueryBudget.unlimited())))
        .containsEntry(JOB_A, "11.0 120.0 _")
        .containsEntry(Labels.of("job", "c"), "_ _ 103.0");
  }

  /** As when pods are replaced: at each step another series of the one side is there. */
  @Test
  void manyPairsOfSeriesTakeNoMoreRoomThanThoseThatMeet() {
    int manySize = 3000;
    int oneSize = 3000;
    StepBlock.Builder many = new StepBlock.Builder(new StepGrid(0, 2000, 1000), manySize);
    for (int i = 0; i < manySize; i++) {
      int series = many.add(Labels.of("job", "a", "id", "m" + i), false);
      for (int step = 0; step < 3; step++) {
        many.set(series, step, i);
      }
    }
    StepBlock.Builder one = new StepBlock.Builder(new StepGrid(0, 2000, 1000), oneSize);
    for (int i = 0; i < oneSize; i++) {
      int series = one.add(Labels.of("job", "a", "zone", "z" + i), false);
      if (i < 2) {
        one.set(series, i, 10 * (i + 1));
      }
    }
    VectorMatching matching =
        new VectorMatching(
            Cardinality.MANY_TO_ONE, true, List.of("job"), List.of("zone"), null, null);
    Map<Labels, String> rows =
        Blocks.text(
            VectorOperation.apply(
                BinaryOperator.ADD,
                many.build(),
                one.build(),
                matching,
                false,
                OperatorNotes.NONE,
                QueryBudget.unlimited()));
    assertThat(rows).hasSize(2 * manySize);
    for (int i = 0; i < manySize; i++) {
      assertThat(rows)
          .containsEntry(Labels.of("job", "a", "id", "m" + i, "zone", "z0"), (i + 10.0) + " _ _")
          .containsEntry(
              Labels.of("job", "a", "id", "m" + i, "zone", "z1"), "_ " + (i + 20.0) + " _");
    }
    assertThatThrownBy(() ->
            VectorOperation.apply(
                BinaryOperator.ADD,
                many.build(),
                one.build(),
                matching,
                false,
                OperatorNotes.NONE,
                new QueryBudget(new QueryBudget.Limits(3 * (manySize + 10), 0, 0), 0)))
        .as("a row for each pair that meets is charged")
        .isInstanceOf(QueryAborted.class);
  }

  @Test
  void setsWorkOnPresence() {
    StepBlock left = Blocks.of(A, "1 2 _", B, "5 5 5");
    StepBlock right = Blocks.of(A, "_ 9 9");
    VectorMatching all =
        new VectorMatching(Cardinality.MANY_TO_MANY, false, List.of(), List.of(), null, null);
    assertThat(Blocks.text(SetOperation.apply(SetOperator.AND, left, right, all)))
        .containsOnly(Map.entry(A, "_ 2.0 _"));
    assertThat(Blocks.text(SetOperation.apply(SetOperator.OR, left, right, all)))
        .containsEntry(A, "1.0 2.0 9.0")
        .containsEntry(B, "5.0 5.0 5.0");
    assertThat(Blocks.text(SetOperation.apply(SetOperator.UNLESS, left, right, all)))
        .containsEntry(A, "1.0 _ _")
        .containsEntry(B, "5.0 5.0 5.0");
  }

  @Test
  void scalarsCompareFromEitherSide() {
    StepBlock block = Blocks.of(A, "1 2 3");
    double[] two = {2, 2, 2};
    assertThat(
            Blocks.text(
                ScalarOperation.apply(
                    BinaryOperator.LESS, block, two, true, false, OperatorNotes.NONE)))
        .containsEntry(A, "_ _ 3.0");
    StepBlock bool =
        ScalarOperation.apply(BinaryOperator.LESS, block, two, false, true, OperatorNotes.NONE);
    assertThat(Blocks.text(bool)).containsEntry(A, "1.0 0.0 0.0");
    assertThat(bool.nameDropped(0)).isTrue();
    assertThat(BinaryOperator.POW.apply(1, Double.NaN)).isEqualTo(1);
    assertThat(BinaryOperator.MOD.apply(-5, 3)).isEqualTo(-2);
  }

  private static VectorMatching matching(
      Cardinality cardinality, @Nullable Double fillLeft, @Nullable Double fillRight) {
    return new VectorMatching(cardinality, true, List.of("job"), List.of(), fillLeft, fillRight);
  }
}
