// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.UtcDay;
import io.skopos.storage.SignalStore;
import io.skopos.storage.manifest.LeaseTraces;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.testkit.disk.SimulatedDisk;
import io.skopos.testkit.storage.NoOpenLeases;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** All memory that was charged is given back, at the latest when the last question is closed. */
@ExtendWith(NoOpenLeases.class)
public abstract class MemoryReturnsContract<S extends SignalStore> {

  private final AtomicLong nowMs = new AtomicLong(UtcDay.parse("2026-03-01").startMs());

  /** The wing whose store lives. */
  protected abstract LifeWing<S> wing();

  @Test
  void allThatQuestionsAndHeadsTookIsGivenBack() throws Exception {
    SimulatedDisk disk = new SimulatedDisk(1);
    LifeScript<S> script = new LifeScript<>(wing(), new Random(1), nowMs);
    MemoryBudget memory;
    try (StoreLife<S> life = begin(disk)) {
      memory = life.memory();
      script.run(life, 40);
      script.write(life);
      assertThat(life.store().headBytes()).isPositive();
      AutoCloseable held = wing().ask(life.store());
      long charged = memory.usedBytes();
      life.ground().flush().get(30, TimeUnit.SECONDS);
      assertThat(LeaseTraces.open()).as("the selection's").hasSize(1);
      assertThat(charged).isPositive();
      assertThat(script.expected.faults(life.read().rows())).isEmpty();
      held.close();
      assertThat(life.store().headBytes()).as("heads that are in parts").isZero();
    }
    Map<String, Long> charges = charges(memory);
    // The manifests are on the heap and go with the process.
    Map<String, Long> kept = new TreeMap<>(wing().keptMemory());
    kept.put("manifests", 100_000L);
    assertThat(kept.keySet()).containsAll(charges.keySet());
    charges.forEach((owner, bytes) -> assertThat(bytes).isLessThanOrEqualTo(kept.get(owner)));
  }

  @Test
  void aSnapshotThatIsLeftOpenIsFound() throws Exception {
    try (StoreLife<S> life = begin(new SimulatedDisk(2))) {
      LifeScript<S> script = new LifeScript<>(wing(), new Random(2), nowMs);
      script.write(life);
      AutoCloseable forgotten = wing().ask(life.store());
      assertThat(LeaseTraces.open().getFirst().getStackTrace())
          .anyMatch(frame -> frame.getMethodName().contains("ask"));
      forgotten.close();
      assertThat(LeaseTraces.open()).isEmpty();
    }
  }

  private StoreLife<S> begin(SimulatedDisk disk) throws Exception {
    return new StoreLife<>(
        wing(), disk, Path.of("/data"), StoreLife.config(StoreLife.SMALL_SEGMENTS, true), nowMs);
  }

  private static Map<String, Long> charges(MemoryBudget memory) {
    Map<String, Long> charges = new TreeMap<>();
    for (String owner : memory.owners()) {
      if (memory.usedBytes(owner) != 0) {
        charges.put(owner, memory.usedBytes(owner));
      }
    }
    return charges;
  }
}
