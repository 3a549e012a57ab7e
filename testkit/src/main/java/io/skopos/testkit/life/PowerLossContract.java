// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.UtcDay;
import io.skopos.storage.SignalStore;
import io.skopos.storage.StorageConfig;
import io.skopos.testkit.disk.SimulatedDisk;
import io.skopos.testkit.storage.NoOpenLeases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Lives of a store on a disk that loses power at random moments, with what was not synced (bytes,
 * renames, creations) gone or torn: what was acknowledged is there to the bit, what was deleted
 * stays away.
 */
@ExtendWith(NoOpenLeases.class)
public abstract class PowerLossContract<S extends SignalStore> {

  private static final Path DIRECTORY = Path.of("/data");

  /** The wing whose store lives. */
  protected abstract LifeWing<S> wing();

  /** Rounds of five lives, when no property says otherwise. */
  protected int rounds() {
    return 10;
  }

  @Test
  void survivesPowerLossAtAnyMoment() throws Exception {
    long seed = Long.getLong("skopos.life.seed", System.nanoTime());
    int rounds = Integer.getInteger("skopos.life.rounds", rounds());
    long places = 0;
    for (int round = 0; round < rounds; round++) {
      places += lives(seed + round);
    }
    System.out.println(rounds + " rounds of 5 lives with " + places + " places, seed " + seed);
    assertThat(places).isPositive();
  }

  private long lives(long seed) throws Exception {
    Random random = new Random(seed);
    AtomicLong nowMs = new AtomicLong(UtcDay.parse("2026-03-01").startMs() - 60_000);
    SimulatedDisk disk = new SimulatedDisk(seed);
    LifeScript<S> script = new LifeScript<>(wing(), random, nowMs);
    int segmentBytes =
        random.nextInt(3) == 0 ? StoreLife.SEGMENTS_WITH_DICTIONARY : StoreLife.SMALL_SEGMENTS;
    try {
      for (int life = 1; life <= 5; life++) {
        StorageConfig config =
            StoreLife.config(segmentBytes, random.nextBoolean(), random.nextInt(3) == 0 ? 1 : 0);
        try (StoreLife<S> now = new StoreLife<>(wing(), disk, DIRECTORY, config, nowMs)) {
          assertThat(script.expected.faults(now.read().rows())).isEmpty();
          if (random.nextInt(4) > 0) {
            disk.losePowerAfter(random.nextInt(250));
          }
          script.run(now, random.nextInt(50));
          if (random.nextBoolean()) {
            disk.losePowerAfter(0);
          }
        }
        nowMs.addAndGet(Duration.ofHours(random.nextInt(30)).toMillis());
        if (random.nextInt(4) == 0) {
          disk.kill();
        } else {
          disk.crash();
        }
      }
      StorageConfig config = StoreLife.config(segmentBytes, true);
      try (StoreLife<S> last = new StoreLife<>(wing(), disk, DIRECTORY, config, nowMs)) {
        assertThat(script.expected.faults(last.read().rows())).isEmpty();
        last.ground().flush().join();
        last.ground().maintain();
        assertThat(script.expected.faults(last.read().rows())).isEmpty();
      }
      try (StoreLife<S> last = new StoreLife<>(wing(), disk, DIRECTORY, config, nowMs)) {
        assertThat(script.expected.faults(last.read().rows())).isEmpty();
        assertThat(last.read().warnings()).isEmpty();
      }
      return script.expected.places();
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed " + seed, e);
    }
  }
}
