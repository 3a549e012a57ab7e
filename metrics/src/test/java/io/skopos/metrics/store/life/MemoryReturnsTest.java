// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.manifest.LeaseTraces;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.testkit.disk.SimulatedDisk;
import io.skopos.testkit.storage.NoOpenLeases;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** All memory that was charged is given back, at the latest when the last question is closed. */
@ExtendWith(NoOpenLeases.class)
final class MemoryReturnsTest {

  private final AtomicLong nowMs = new AtomicLong(UtcDay.parse("2026-03-01").startMs());

  @Test
  void allThatQuestionsAndHeadsTookIsGivenBack() throws Exception {
    SimulatedDisk disk = new SimulatedDisk(1);
    LifeScript script = new LifeScript(new Random(1), nowMs);
    MemoryBudget memory;
    try (MetricsLife life = begin(disk)) {
      memory = life.memory;
      script.run(life, 40);
      script.write(life);
      assertThat(life.store.headBytes()).isPositive();
      SampleSource.Selection held =
          life.store.select(MetricsLife.TENANT, List.of(), TimeRange.ALL, QueryBudget.unlimited());
      long charged = memory.usedBytes();
      life.ground.flush().get(30, TimeUnit.SECONDS);
      assertThat(LeaseTraces.open()).as("the selection's").hasSize(1);
      assertThat(charged).isPositive();
      assertThat(script.expected.faults(life.read().samples())).isEmpty();
      held.close();
      assertThat(life.store.headBytes()).as("heads that are in parts").isZero();
    }
    Map<String, Long> charges = charges(memory);
    // The manifests are on the heap and go with the process; two empty chunks are kept for heads.
    assertThat(charges.keySet()).isSubsetOf("manifests", "metrics.heads");
    assertThat(charges.getOrDefault("metrics.heads", 0L)).isLessThanOrEqualTo(2L << 20);
    assertThat(charges.getOrDefault("manifests", 0L)).isLessThan(100_000);
  }

  @Test
  void aSnapshotThatIsLeftOpenIsFound() throws Exception {
    try (MetricsLife life = begin(new SimulatedDisk(2))) {
      SampleSource.Selection forgotten =
          life.store.select(MetricsLife.TENANT, List.of(), TimeRange.ALL, QueryBudget.unlimited());
      assertThat(LeaseTraces.open().getFirst().getStackTrace())
          .anyMatch(frame -> frame.getMethodName().equals("aSnapshotThatIsLeftOpenIsFound"));
      forgotten.close();
      assertThat(LeaseTraces.open()).isEmpty();
    }
  }

  private MetricsLife begin(SimulatedDisk disk) throws Exception {
    return new MetricsLife(
        disk, Path.of("/data"), MetricsLife.config(MetricsLife.SMALL_SEGMENTS, true), nowMs);
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
