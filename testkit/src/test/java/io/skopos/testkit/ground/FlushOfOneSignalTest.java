// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.ground;

import static io.skopos.testkit.ground.Life.TENANT;
import static io.skopos.testkit.ground.Life.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.Deletion;
import io.skopos.storage.Ground;
import io.skopos.storage.log.ReplayReport;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One signal's heads grow beyond their own bound, the others' do not. */
final class FlushOfOneSignalTest {

  private static final UtcDay DAY = UtcDay.parse("2026-03-01");
  private static final long NOON_MS = DAY.startMs() + 43_200_000;
  private static final Path DIRECTORY = Path.of("/data");

  private final SimulatedDisk disk = new SimulatedDisk(1);

  /** A ground with log entries and events. */
  private final class TwoSignals implements AutoCloseable {
    final Ground ground;
    final KeyedRowStore logs;
    final KeyedRowStore events;
    final ReplayReport replay;

    TwoSignals() throws IOException {
      ground =
          Ground.open(
              DIRECTORY,
              Life.config(false),
              disk,
              () -> Instant.ofEpochMilli(NOON_MS),
              new MemoryBudget(1L << 30),
              new PrometheusRegistry());
      logs = new KeyedRowStore(Signal.LOGS, ground.parts(), ground.manifests());
      events = new KeyedRowStore(Signal.EVENTS, ground.parts(), ground.manifests());
      replay = ground.start(List.of(logs, events));
    }

    void write(Signal signal, String key, String value) throws Exception {
      String[] row = {key, Long.toString(NOON_MS), value};
      await(ground.write(List.of(KeyedRowStore.frame(signal, TENANT, 1, List.<String[]>of(row)))));
    }

    /** Lets the heads of logs seem large until they have been flushed once more. */
    void flushLogs() throws InterruptedException {
      Manifest before = ground.manifests().get(TENANT, Signal.LOGS, DAY);
      int parts = before == null ? 0 : before.parts().size();
      logs.pretendedBytes = 97L << 20;
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (true) {
        Manifest now = ground.manifests().get(TENANT, Signal.LOGS, DAY);
        if (now != null && now.parts().size() > parts) {
          break;
        }
        assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
        Thread.sleep(2);
      }
      logs.pretendedBytes = 0;
    }

    @Override
    public void close() {
      ground.close();
    }
  }

  @Test
  void itIsFlushedAloneAndTheLogKeepsWhatTheOthersNeed() throws Exception {
    try (TwoSignals life = new TwoSignals()) {
      life.write(Signal.EVENTS, "e/1", "event");
      life.write(Signal.LOGS, "l/1", "line");
      life.flushLogs();
      assertThat(life.ground.manifests().get(TENANT, Signal.EVENTS, DAY)).isNull();
      life.write(Signal.LOGS, "l/2", "line behind");
      assertThat(life.logs.all()).hasSize(2);
      assertThat(life.events.all()).hasSize(1);
      disk.losePowerAfter(0);
    }
    disk.crash();
    try (TwoSignals life = new TwoSignals()) {
      assertThat(life.replay.frames()).as("nothing was released").isEqualTo(3);
      assertThat(life.logs.all()).as("each once").hasSize(2);
      assertThat(life.logs.values())
          .containsOnly(Map.entry("l/1", "line"), Map.entry("l/2", "line behind"));
      assertThat(life.events.values()).containsOnly(Map.entry("e/1", "event"));
      await(life.ground.flush());
      assertThat(life.logs.all()).hasSize(2);
      assertThat(life.events.all()).hasSize(1);
      disk.losePowerAfter(0);
    }
    disk.crash();
    try (TwoSignals life = new TwoSignals()) {
      assertThat(life.replay.frames()).as("the whole flush released it").isZero();
      assertThat(life.logs.all()).hasSize(2);
      assertThat(life.events.all()).hasSize(1);
    }
  }

  @Test
  void aDeletionBeforeItStillHidesWhatOlderPartsHave() throws Exception {
    try (TwoSignals life = new TwoSignals()) {
      life.write(Signal.LOGS, "gone/1", "in the first part");
      life.flushLogs();
      await(
          life.ground.delete(
              TENANT,
              Signal.LOGS,
              new Deletion(List.of(Matcher.equal("group", "gone")), TimeRange.ALL)));
      life.write(Signal.LOGS, "gone/2", "written again");
      life.flushLogs();
      assertThat(life.logs.values()).containsOnly(Map.entry("gone/2", "written again"));
      disk.losePowerAfter(0);
    }
    disk.crash();
    try (TwoSignals life = new TwoSignals()) {
      assertThat(life.logs.values()).containsOnly(Map.entry("gone/2", "written again"));
      await(life.ground.flush());
      assertThat(life.logs.values()).containsOnly(Map.entry("gone/2", "written again"));
    }
  }
}
