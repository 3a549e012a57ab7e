// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skopos.engine.Blocks;
import io.skopos.engine.StepBlock;
import io.skopos.engine.StepGrid;
import io.skopos.engine.histogram.HistogramNotes;
import io.skopos.model.Labels;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccumulatorTest {

  @Test
  void sumsKeepTheLowBits() {
    assertThat(fold(Accumulator.Kind.SUM, 1, 1e100, 1, -1e100)).isEqualTo(2);
    assertThat(fold(Accumulator.Kind.SUM, Double.POSITIVE_INFINITY, 1)).isInfinite();
  }

  @Test
  void averagesDoNotOverflow() {
    double huge = 1e308;
    assertThat(fold(Accumulator.Kind.AVG, huge, huge, huge, huge)).isCloseTo(huge, within(1e295));
    assertThat(fold(Accumulator.Kind.AVG, huge, -huge, huge, -huge)).isEqualTo(0);
    assertThat(fold(Accumulator.Kind.AVG, 10, Double.NaN)).isNaN();
  }

  @Test
  void extremesPreferNumbersToNan() {
    assertThat(fold(Accumulator.Kind.MIN, Double.NaN, 3, 2)).isEqualTo(2);
    assertThat(fold(Accumulator.Kind.MAX, 2, Double.NaN, 3)).isEqualTo(3);
    assertThat(fold(Accumulator.Kind.MAX, Double.NaN)).isNaN();
  }

  @Test
  void variancesOfInfinitiesAreNan() {
    assertThat(fold(Accumulator.Kind.STDVAR, 1, 2, 3, 4)).isEqualTo(1.25);
    assertThat(fold(Accumulator.Kind.STDDEV, Double.POSITIVE_INFINITY)).isNaN();
  }

  @Test
  void stepsWithoutSamplesStayEmpty() {
    StepBlock block =
        Blocks.of(
            Labels.of("a", "1"),
            "1 _ 3 _",
            Labels.of("a", "2"),
            "10 20 _ _",
            Labels.EMPTY,
            "_ _ _ _");
    Accumulator sum = Accumulator.of(Accumulator.Kind.SUM, block.grid(), HistogramNotes.NONE);
    for (int series = 0; series < block.size(); series++) {
      sum.add(0, block, series);
    }
    assertThat(Blocks.text(sum.build(_ -> Labels.EMPTY)))
        .containsOnly(Map.entry(Labels.EMPTY, "11.0 20.0 3.0 _"));
  }

  /** Presence is walked word by word and run by run: try grids around the word size. */
  @ParameterizedTest
  @EnumSource(Accumulator.Kind.class)
  void partialsMergeToTheWhole(Accumulator.Kind kind) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int steps : new int[] {1, 63, 64, 65, 130}) {
      StepGrid grid = new StepGrid(0, steps - 1, 1);
      StepBlock.Builder builder = new StepBlock.Builder(grid, 40);
      for (int series = 0; series < 40; series++) {
        builder.add(Labels.of("s", "" + series), series == 7);
        for (int step = 0; step < steps; step++) {
          if (random.nextInt(4) != 0) {
            builder.set(series, step, random.nextGaussian() * 1e6);
          }
        }
      }
      StepBlock block = builder.build();
      Accumulator whole = Accumulator.of(kind, grid, HistogramNotes.NONE);
      Accumulator left = Accumulator.of(kind, grid, HistogramNotes.NONE);
      Accumulator right = Accumulator.of(kind, grid, HistogramNotes.NONE);
      for (int series = 0; series < 40; series++) {
        whole.add(series % 3, block, series);
        (series < 20 ? left : right).add(series < 20 ? series % 3 : 2 - series % 3, block, series);
      }
      left.merge(right, new int[] {2, 1, 0});
      StepBlock expected = whole.build(group -> Labels.of("g", "" + group));
      StepBlock merged = left.build(group -> Labels.of("g", "" + group));
      assertThat(merged.size()).isEqualTo(expected.size());
      for (int group = 0; group < merged.size(); group++) {
        assertThat(merged.nameDropped(group)).isEqualTo(expected.nameDropped(group));
        for (int step = 0; step < steps; step++) {
          assertThat(merged.present(group, step)).isEqualTo(expected.present(group, step));
          if (merged.present(group, step)) {
            assertThat(merged.value(group, step))
                .as("seed %d", seed)
                .isCloseTo(expected.value(group, step), within(1e-3));
          }
        }
      }
    }
  }

  private static double fold(Accumulator.Kind kind, double... values) {
    Accumulator accumulator = Accumulator.of(kind, StepGrid.instant(0), HistogramNotes.NONE);
    Arrays.stream(values)
        .forEach(value -> accumulator.add(0, Blocks.of(Labels.EMPTY, "" + value), 0));
    return accumulator.build(_ -> Labels.EMPTY).value(0, 0);
  }
}
