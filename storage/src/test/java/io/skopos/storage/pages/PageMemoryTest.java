// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.pages;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.storage.memory.MemoryBudget;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PageMemoryTest {

  private static final int CHUNK = 1 << 20;

  private final MemoryBudget budget = new MemoryBudget(1L << 30);

  private record Held(PageMemory.Block block, MemorySegment segment, byte content) {}

  @Test
  void blocksNeverOverlapAndEverythingComesBack() {
    for (int seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      try (PageMemory memory = new PageMemory(4 * CHUNK, CHUNK, budget)) {
        List<Held> held = new ArrayList<>();
        for (int step = 0; step < 3_000; step++) {
          if (!held.isEmpty() && random.nextInt(100) < 45) {
            release(memory, held.remove(random.nextInt(held.size())), seed, step);
          } else {
            int bytes = 1 + random.nextInt(random.nextBoolean() ? 1_000 : 100_000);
            PageMemory.Block block = memory.allocate(bytes);
            if (block == null) {
              release(memory, held.remove(random.nextInt(held.size())), seed, step);
              continue;
            }
            MemorySegment segment = block.segment(bytes);
            byte content = (byte) random.nextInt();
            segment.fill(content);
            held.add(new Held(block, segment, content));
          }
        }
        for (Held each : held) {
          release(memory, each, seed, -1);
        }
        assertThat(memory.usedBytes()).as("seed %s", seed).isZero();
        // All neighbours have merged again: each chunk can be had in one piece.
        for (long chunks = memory.chunksBytes() / CHUNK; chunks > 0; chunks--) {
          assertThat(memory.allocate(CHUNK)).as("seed %s", seed).isNotNull();
        }
      }
    }
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void anAllocatorUnderPressureWastesLittle() {
    SplittableRandom random = new SplittableRandom(7);
    try (PageMemory memory = new PageMemory(8 * CHUNK, CHUNK, budget)) {
      List<PageMemory.Block> held = new ArrayList<>();
      long utilisation = 0;
      int full = 0;
      for (int step = 0; step < 20_000; step++) {
        PageMemory.Block block = memory.allocate(2_000 + random.nextInt(60_000));
        if (block != null) {
          held.add(block);
        } else {
          utilisation += 100 * memory.usedBytes() / memory.chunksBytes();
          full++;
          memory.release(held.remove(random.nextInt(held.size())));
        }
      }
      assertThat(utilisation / full).isGreaterThan(80);
    }
  }

  @Test
  void neitherCapacityNorBudgetArePassed() {
    MemoryBudget small = new MemoryBudget(CHUNK + CHUNK / 2);
    try (PageMemory memory = new PageMemory(8 * CHUNK, CHUNK, small)) {
      assertThat(memory.allocate(CHUNK)).isNotNull();
      assertThat(memory.allocate(1)).isNull();
      assertThat(small.usedBytes()).isEqualTo(CHUNK);
    }
    assertThat(small.usedBytes()).isZero();
    try (PageMemory memory = new PageMemory(2 * CHUNK, CHUNK, budget)) {
      assertThat(memory.allocate(CHUNK)).isNotNull();
      PageMemory.Block second = requireNonNull(memory.allocate(CHUNK));
      assertThat(memory.allocate(1)).isNull();
      memory.release(second);
      assertThat(memory.allocate(CHUNK)).isNotNull();
    }
  }

  private static void release(PageMemory memory, Held held, int seed, int step) {
    for (long at = 0; at < held.segment.byteSize(); at += 61) {
      assertThat(held.segment.get(ValueLayout.JAVA_BYTE, at))
          .as("seed %s step %s", seed, step)
          .isEqualTo(held.content);
    }
    memory.release(held.block);
  }
}
