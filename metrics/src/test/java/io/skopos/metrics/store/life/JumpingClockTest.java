// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.life.ExpectedSamples.Fate;
import io.skopos.model.Labels;
import io.skopos.model.Signal;
import io.skopos.model.UtcDay;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.testkit.disk.SimulatedDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The wall clock is set back and forth; rows keep their own times and days, and none is lost. */
final class JumpingClockTest {

  private static final Path DIRECTORY = Path.of("/data");

  private final AtomicLong nowMs = new AtomicLong();

  @Test
  void nothingIsLostAroundMidnightLeapDaysAndYears() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try {
      for (String day : new String[] {"2024-02-29", "2028-02-28", "2026-01-01", "2000-03-01"}) {
        long midnight = UtcDay.parse(day).startMs();
        nowMs.set(midnight);
        SimulatedDisk disk = new SimulatedDisk(seed);
        LifeScript script = new LifeScript(random, nowMs);
        for (int life = 0; life < 2; life++) {
          try (MetricsLife now = begin(disk)) {
            assertThat(script.expected.faults(now.read().samples())).isEmpty();
            for (int i = 0; i < 12; i++) {
              nowMs.set(
                  midnight + random.nextLong(-1, 2) * Duration.ofHours(7).toMillis() - 30_000);
              script.run(now, 3);
            }
            assertThat(script.expected.faults(now.read().samples())).isEmpty();
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
    ExpectedSamples expected = new ExpectedSamples();
    long[] times = {
      -62_135_596_800_000L, // the year 1
      -1,
      0,
      1,
      UtcDay.MILLIS - 1,
      UtcDay.MILLIS,
      UtcDay.parse("2099-12-31").endMs(),
      253_402_300_799_999L // the end of the year 9999
    };
    try (MetricsLife life = begin(disk)) {
      for (int i = 0; i < times.length; i++) {
        SampleBatch batch = new SampleBatch();
        Labels labels = Labels.of("__name__", "ends", "i", String.valueOf(i));
        batch.series(labels);
        for (long time : times) {
          batch.sample(time, i + 0.5);
          expected.wrote(labels.toString(), time, MetricsLife.text(i + 0.5, null, 0), Fate.DONE);
        }
        life.write(batch).get(30, TimeUnit.SECONDS);
        assertThat(expected.faults(life.read().samples())).as("heads").isEmpty();
        life.ground.flush().get(30, TimeUnit.SECONDS);
        assertThat(expected.faults(life.read().samples())).as("parts").isEmpty();
        assertPartsHoldTheirDayOnly(life);
      }
      life.ground.maintain();
    }
    try (MetricsLife life = begin(disk)) {
      assertThat(expected.faults(life.read().samples())).as("opened again").isEmpty();
    }
  }

  /** Otherwise rows would stay in memory for as long as the clock was set back. */
  @Test
  void rowsAreFlushedAfterTheIntervalThoughTheClockWasSetBack() throws Exception {
    nowMs.set(UtcDay.parse("2026-03-01").startMs());
    LifeScript script = new LifeScript(new Random(1), nowMs);
    try (MetricsLife life = begin(new SimulatedDisk(1))) {
      script.write(life);
      LifeScript.flush(life);
      long flushed = life.ground.status().lastFlushMs();
      nowMs.addAndGet(-Duration.ofHours(9).toMillis());
      script.write(life);
      TimeUnit.MILLISECONDS.sleep(300); // the flush thread looks every 100 ms
      assertThat(life.ground.status().lastFlushMs()).as("not at once").isEqualTo(flushed);
      nowMs.addAndGet(Duration.ofHours(2).toMillis());
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (life.ground.status().lastFlushMs() == flushed && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      assertThat(life.ground.status().lastFlushMs()).isEqualTo(nowMs.get());
      assertThat(life.ground.status().headBytes()).isZero();
    }
  }

  private MetricsLife begin(SimulatedDisk disk) throws Exception {
    return new MetricsLife(
        disk, DIRECTORY, MetricsLife.config(MetricsLife.SMALL_SEGMENTS, false), nowMs);
  }

  private static void assertPartsHoldTheirDayOnly(MetricsLife life) {
    for (UtcDay day : life.ground.manifests().days(MetricsLife.TENANT, Signal.METRICS)) {
      Manifest manifest =
          Objects.requireNonNull(
              life.ground.manifests().get(MetricsLife.TENANT, Signal.METRICS, day));
      for (PartEntry part : manifest.parts()) {
        assertThat(part.minTimeMs()).isBetween(day.startMs(), day.endMs());
        assertThat(part.maxTimeMs()).isBetween(day.startMs(), day.endMs());
      }
    }
  }
}
