// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.skopos.model.Labels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelGroupsTest {

  @Test
  void selectionsAgreeWithLabelsKeepAndDrop() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> names = List.of("__name__", "a", "ab", "job", "mode", "z".repeat(200));
    for (int round = 0; round < 500; round++) {
      Map<String, String> map = new HashMap<>();
      for (String name : names) {
        if (random.nextBoolean()) {
          map.put(name, "v".repeat(random.nextInt(300)));
        }
      }
      Labels labels = Labels.of(map);
      List<String> chosen = names.stream().filter(_ -> random.nextBoolean()).toList();
      assertThatObject(LabelSelection.keeping(chosen).apply(labels))
          .as("seed %d", seed)
          .isEqualTo(labels.keep(chosen));
      assertThatObject(LabelSelection.dropping(chosen).apply(labels))
          .as("seed %d", seed)
          .isEqualTo(labels.drop(chosen));
    }
  }

  @Test
  void groupsKeepTheirIdsWhenTheTableGrows() {
    LabelGroups groups = new LabelGroups(LabelSelection.keeping(List.of("id")));
    for (int i = 0; i < 5000; i++) {
      assertThat(groups.idOf(Labels.of("id", "" + i, "other", "x" + i % 7))).isEqualTo(i);
    }
    for (int i = 0; i < 5000; i++) {
      assertThat(groups.idOf(Labels.of("id", "" + i))).isEqualTo(i);
      assertThatObject(groups.labels(i)).isEqualTo(Labels.of("id", "" + i));
    }
    assertThat(groups.size()).isEqualTo(5000);
  }
}
