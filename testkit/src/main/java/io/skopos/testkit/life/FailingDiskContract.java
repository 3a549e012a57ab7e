// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.UtcDay;
import io.skopos.storage.SignalStore;
import io.skopos.storage.StorageConfig;
import io.skopos.testkit.disk.Fault;
import io.skopos.testkit.disk.SimulatedDisk;
import io.skopos.testkit.storage.NoOpenLeases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Each changing operation of a life fails in turn, with EIO or ENOSPC, once or from then on:
 * refusals say why, questions go on being answered, and when the disk works again so does the
 * ground, without a restart. A sample of the operations; all of them with {@code
 * -Dskopos.disk.every=1}.
 */
@ExtendWith(NoOpenLeases.class)
public abstract class FailingDiskContract<S extends SignalStore> {

  private static final Path DIRECTORY = Path.of("/data");
  private static final int STEPS = 40;

  private final AtomicLong nowMs = new AtomicLong();
  private int refusals;

  /** How an operation fails. */
  private record Failing(Fault.Outcome outcome, boolean onlyOnce) {}

  /** The wing whose store lives. */
  protected abstract LifeWing<S> wing();

  /** One of so many operations fails, when no property says otherwise. */
  protected int every() {
    return 16;
  }

  @Test
  void everyOperationMayFail() throws Exception {
    long seed = Long.getLong("skopos.disk.seed", System.nanoTime());
    int every = Integer.getInteger("skopos.disk.every", every());
    Random random = new Random(seed);
    List<Failing> kinds = new ArrayList<>();
    for (boolean once : new boolean[] {true, false}) {
      kinds.add(new Failing(Fault.Outcome.FAILS, once));
      kinds.add(new Failing(Fault.Outcome.IS_FULL, once));
    }
    int runs = 0;
    for (Failing kind : kinds) {
      long operations = life(seed, Long.MAX_VALUE, kind);
      for (long n = 1 + random.nextInt(every); n <= operations; n += every) {
        try {
          life(seed, n, kind);
        } catch (Exception | AssertionError e) {
          throw new AssertionError("seed " + seed + ", operation " + n + ", " + kind, e);
        }
        runs++;
      }
    }
    System.out.println(
        runs
            + " runs with a failing disk, "
            + refusals
            + " of them ended in trouble, seed "
            + seed);
    assertThat(runs).isPositive();
  }

  /**
   * @param failAt the changing operation that fails, counted from 1
   * @return how many changing operations there were
   */
  private long life(long seed, long failAt, Failing failing) throws Exception {
    nowMs.set(UtcDay.parse("2026-03-01").startMs() - 60_000);
    SimulatedDisk disk = new SimulatedDisk(seed);
    LifeScript<S> script = new LifeScript<>(wing(), new Random(seed), nowMs);
    StorageConfig config = StoreLife.config(StoreLife.SMALL_SEGMENTS, true);
    long[] seen = new long[1];
    disk.inject((operation, path, number) -> {
      if (!operation.changes()) {
        return Fault.Outcome.WORKS;
      }
      seen[0]++;
      boolean fails = failing.onlyOnce() ? seen[0] == failAt : seen[0] >= failAt;
      if (!fails) {
        return Fault.Outcome.WORKS;
      }
      // Only what takes room fails for want of it.
      return switch (operation) {
        case WRITE, CREATE, CREATE_DIRECTORY, RENAME -> failing.outcome();
        default ->
            failing.outcome() == Fault.Outcome.IS_FULL ? Fault.Outcome.WORKS : Fault.Outcome.FAILS;
      };
    });
    try (StoreLife<S> life = begin(disk, config)) {
      for (int i = 0; i < 4; i++) {
        script.run(life, STEPS / 4);
        assertThat(script.expected.faults(life.read().rows())).as("while it fails").isEmpty();
      }
      long operations = seen[0];
      if (!life.ground().status().writable()) {
        refusals++;
        assertThat(life.ground().status().reason()).as("why nothing is written").isNotBlank();
      }
      disk.injectNothing();
      awaitWritable(life);
      script.write(life);
      life.ground().flush().get(30, TimeUnit.SECONDS);
      assertThat(life.ground().status().lastFlushError()).isEmpty();
      life.ground().maintain();
      script.write(life);
      assertThat(life.ground().status().applyFailures()).isZero();
      assertThat(script.expected.faults(life.read().rows())).as("once it works").isEmpty();
      assertThat(life.read().warnings()).isEmpty();
      if (seed % 2 == 0) {
        disk.losePowerAfter(0);
      }
      life.close();
      disk.crash();
      try (StoreLife<S> next = new StoreLife<>(wing(), disk, DIRECTORY, config, nowMs)) {
        assertThat(script.expected.faults(next.read().rows())).as("restarted").isEmpty();
        next.ground().flush().get(30, TimeUnit.SECONDS);
        assertThat(script.expected.faults(next.read().rows())).as("flushed").isEmpty();
      }
      return operations;
    }
  }

  private StoreLife<S> begin(SimulatedDisk disk, StorageConfig config) throws IOException {
    try {
      return new StoreLife<>(wing(), disk, DIRECTORY, config, nowMs);
    } catch (IOException e) {
      assertThat(e.getMessage()).as("why it does not start").isNotBlank();
      // No server starts on such a disk; the next one does.
      disk.injectNothing();
      return new StoreLife<>(wing(), disk, DIRECTORY, config, nowMs);
    }
  }

  private void awaitWritable(StoreLife<S> life) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!life.ground().status().writable()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("still not writable: " + life.ground().status().reason());
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }
}
