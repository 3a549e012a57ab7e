// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.engine.Blocks;
import io.skopos.engine.StepBlock;
import io.skopos.engine.histogram.HistogramNotes;
import io.skopos.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeriesChoiceTest {

  private static final Labels A = Labels.of("s", "a", "g", "1");
  private static final Labels B = Labels.of("s", "b", "g", "1");
  private static final Labels C = Labels.of("s", "c", "g", "2");
  private static final StepBlock BLOCK = Blocks.of(A, "1 NaN 3", B, "2 5 NaN", C, "9 _ NaN");

  @Test
  void extremesAreChosenPerStepAndGroup() {
    Grouping byGroup = new Grouping(false, List.of("g"));
    assertThat(
            Blocks.text(SeriesChoice.extremes(BLOCK, byGroup, ones(), true, HistogramNotes.NONE)))
        .containsEntry(A, "_ _ 3.0")
        .containsEntry(B, "2.0 5.0 _")
        .containsEntry(C, "9.0 _ NaN");
    assertThat(
            Blocks.text(
                SeriesChoice.extremes(BLOCK, Grouping.ALL, ones(), false, HistogramNotes.NONE)))
        .containsOnlyKeys(A, B)
        .containsEntry(A, "1.0 _ 3.0")
        .containsEntry(B, "_ 5.0 _");
  }

  @Test
  void oneStepComesBestFirst() {
    StepBlock block = Blocks.of(A, "1", B, "NaN", C, "9");
    StepBlock top =
        SeriesChoice.extremes(block, Grouping.ALL, new double[] {10}, true, HistogramNotes.NONE);
    assertThat(List.of(top.labels(0), top.labels(1), top.labels(2))).containsExactly(C, A, B);
  }

  @Test
  void firstTakesWhatIsThere() {
    assertThat(Blocks.text(SeriesChoice.first(BLOCK, Grouping.ALL, new double[] {2, 1, 0})))
        .containsOnlyKeys(A, B)
        .containsEntry(A, "1.0 NaN _")
        .containsEntry(B, "2.0 _ _");
  }

  @Test
  void ratiosComplementEachOther() {
    StepBlock.Builder builder = new StepBlock.Builder(io.skopos.engine.StepGrid.instant(0), 1000);
    for (int i = 0; i < 1000; i++) {
      builder.set(builder.add(Labels.of("id", "" + i), false), 0, i);
    }
    StepBlock block = builder.build();
    StepBlock some = SeriesChoice.ratio(block, new double[] {0.3});
    StepBlock rest = SeriesChoice.ratio(block, new double[] {-0.7});
    Set<Labels> all = new HashSet<>(Blocks.text(some).keySet());
    all.addAll(Blocks.text(rest).keySet());
    assertThat(all).hasSize(1000);
    assertThat(some.size() + rest.size()).isEqualTo(1000);
    assertThat(some.size()).isBetween(230, 370);
  }

  /** Reference values of xxHash64 with seed 0. */
  @Test
  void labelHashIsXxHash64() {
    assertThat(hash("")).isEqualTo(0xef46db3751d8e999L);
    assertThat(hash("a")).isEqualTo(0xd24ec4f1a98c6e5bL);
    assertThat(hash("abc")).isEqualTo(0x44bc2cf5ad770999L);
    assertThat(hash("Nobody inspects the spammish repetition")).isEqualTo(0xfbcea83c8a378bf1L);
  }

  private static long hash(String text) {
    return LabelHash.xxHash64(text.getBytes(StandardCharsets.UTF_8));
  }

  private static double[] ones() {
    return new double[] {1, 1, 1};
  }
}
