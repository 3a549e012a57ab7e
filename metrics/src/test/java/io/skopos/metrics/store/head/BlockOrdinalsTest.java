// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockOrdinalsTest {

  @Test
  void everyBlockHasOrdinalsOfItsOwn() {
    Random random = new Random(1);
    BlockOrdinals blocks = new BlockOrdinals();
    Map<Long, int[]> model = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      long id = random.nextInt(300) << (random.nextBoolean() ? 0 : 20);
      int size = 8 + (int) (id & 7);
      int[] ordinals = blocks.of(id, size, 10_000);
      int[] known = model.putIfAbsent(id, ordinals);
      if (known == null) {
        assertThat(ordinals).hasSize(size).containsOnly(BlockOrdinals.UNKNOWN);
        ordinals[0] = i;
      } else {
        assertThat(ordinals).isSameAs(known);
      }
    }
    long atLeast = model.values().stream().mapToLong(ordinals -> 4L * ordinals.length).sum();
    assertThat(blocks.heapBytes()).isBetween(atLeast, atLeast * 3);
  }

  @Test
  void whatTheHeadsSeriesDoNotExplainIsForgotten() {
    BlockOrdinals blocks = new BlockOrdinals();
    for (int id = 1; id <= 100_000; id++) {
      blocks.of(id, 20, 50)[0] = id;
      assertThat(blocks.heapBytes()).isLessThan(40_000);
    }
    assertThat(blocks.of(100_000, 20, 50)[0]).isEqualTo(100_000);
    assertThat(blocks.of(1, 20, 50)).containsOnly(BlockOrdinals.UNKNOWN);
  }
}
