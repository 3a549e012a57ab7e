// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.UtcDay;
import io.skopos.storage.SignalStore;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.testkit.disk.SimulatedDisk;
import io.skopos.testkit.life.ExpectedRows.Fate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The wall clock is set back and forth; rows keep their own times and days, and none is lost. */
public abstract class JumpingClockContract<S extends SignalStore> {

  private static final Path DIRECTORY = Path.of("/data");

  private final AtomicLong nowMs = new AtomicLong();

  /** The wing whose store lives. */
  protected abstract LifeWing<S> wing();

  /** Times at the ends of what the wing can keep, in Unix milliseconds. */
  protected long[] times() {
    return new long[] {
      -62_135_596_800_000L, // the year 1
      -1,
      0,
      1,
      UtcDay.MILLIS - 1,
      UtcDay.MILLIS,
      UtcDay.parse("2099-12-31").endMs(),
      253_402_300_799_999L // the end of the year 9999
    };
  }

  @Test
  void nothingIsLostAroundMidnightLeapDaysAndYears() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try {
      for (String day : new String[] {"2024-02-29", "2028-02-28", "2026-01-01", "2000-03-01"}) {
        long midnight = UtcDay.parse(day).startMs();
        nowMs.set(midnight);
        SimulatedDisk disk = new SimulatedDisk(seed);
        LifeScript<S> script = new LifeScript<>(wing(), random, nowMs);
        for (int life = 0; life < 2; life++) {
          try (StoreLife<S> now = begin(disk)) {
            assertThat(script.expected.faults(now.read().rows())).isEmpty();
            for (int i = 0; i < 12; i++) {
              nowMs.set(
                  midnight + random.nextLong(-1, 2) * Duration.ofHours(7).toMillis() - 30_000);
              script.run(now, 3);
            }
            assertThat(script.expected.faults(now.read().rows())).isEmpty();
            assertPartsHoldTheirDayOnly(now);
          }
          disk.kill();
        }
      }
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  @Test
  void theFirstAndTheLastTimesAreKept() throws Exception {
    nowMs.set(UtcDay.parse("2026-03-01").startMs());
    SimulatedDisk disk = new SimulatedDisk(1);
    ExpectedRows expected = new ExpectedRows();
    long[] times = times();
    try (StoreLife<S> life = begin(disk)) {
      for (int i = 0; i < times.length; i++) {
        LifeWing.Filled filled = wing().fill(i, times);
        for (LifeWing.Row row : filled.rows()) {
          expected.wrote(row.series(), row.timeMs(), row.text(), Fate.DONE);
        }
        life.write(filled.batch()).get(30, TimeUnit.SECONDS);
        assertThat(expected.faults(life.read().rows())).as("heads").isEmpty();
        life.ground().flush().get(30, TimeUnit.SECONDS);
        assertThat(expected.faults(life.read().rows())).as("parts").isEmpty();
        assertPartsHoldTheirDayOnly(life);
      }
      life.ground().maintain();
    }
    try (StoreLife<S> life = begin(disk)) {
      assertThat(expected.faults(life.read().rows())).as("opened again").isEmpty();
    }
  }

  /** Otherwise rows would stay in memory for as long as the clock was set back. */
  @Test
  void rowsAreFlushedAfterTheIntervalThoughTheClockWasSetBack() throws Exception {
    nowMs.set(UtcDay.parse("2026-03-01").startMs());
    LifeScript<S> script = new LifeScript<>(wing(), new Random(1), nowMs);
    try (StoreLife<S> life = begin(new SimulatedDisk(1))) {
      script.write(life);
      LifeScript.flush(life);
      long flushed = life.ground().status().lastFlushMs();
      nowMs.addAndGet(-Duration.ofHours(9).toMillis());
      script.write(life);
      TimeUnit.MILLISECONDS.sleep(300); // the flush thread looks every 100 ms
      assertThat(life.ground().status().lastFlushMs()).as("not at once").isEqualTo(flushed);
      nowMs.addAndGet(Duration.ofHours(2).toMillis());
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (life.ground().status().lastFlushMs() == flushed && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      assertThat(life.ground().status().lastFlushMs()).isEqualTo(nowMs.get());
      assertThat(life.ground().status().headBytes()).isZero();
    }
  }

  private StoreLife<S> begin(SimulatedDisk disk) throws Exception {
    return new StoreLife<>(
        wing(), disk, DIRECTORY, StoreLife.config(StoreLife.SMALL_SEGMENTS, false), nowMs);
  }

  private void assertPartsHoldTheirDayOnly(StoreLife<S> life) {
    for (UtcDay day : life.ground().manifests().days(StoreLife.TENANT, life.store().signal())) {
      Manifest manifest =
          Objects.requireNonNull(
              life.ground().manifests().get(StoreLife.TENANT, life.store().signal(), day));
      for (PartEntry part : manifest.parts()) {
        assertThat(part.minTimeMs()).isBetween(day.startMs(), day.endMs());
        assertThat(part.maxTimeMs()).isBetween(day.startMs(), day.endMs());
      }
    }
  }
}
