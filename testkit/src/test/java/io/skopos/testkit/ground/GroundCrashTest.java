// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.ground;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.UtcDay;
import io.skopos.storage.BucketUse;
import io.skopos.storage.Positions;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.WriteUnavailable;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.testkit.disk.Fault;
import io.skopos.testkit.disk.SimulatedDisk;
import io.skopos.testkit.storage.FaultyObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random writes, deletions, flushes and merges over several lives, on a disk that loses power,
 * fails and fills up at random operations. After each start every acknowledged row is there exactly
 * once, refused ones are not, and deleted ones stay away.
 */
final class GroundCrashTest {

  private static final Path DIRECTORY = Path.of("/data");
  private static final int GROUPS = 3;

  /** What is known of a row. */
  private enum Fate {
    THERE,
    GONE,
    UNKNOWN
  }

  private final Map<String, Fate> rows = new TreeMap<>();
  private final AtomicLong nowMs = new AtomicLong();
  private int keys;

  @Test
  void survivesPowerLossAtAnyMoment() throws Exception {
    for (int round = 0; round < 40; round++) {
      lives(System.nanoTime(), false, null);
    }
  }

  @Test
  void survivesAFailingAndFullDisk() throws Exception {
    for (int round = 0; round < 40; round++) {
      lives(System.nanoTime(), true, null);
    }
  }

  @Test
  void survivesWithABucketThatFails() throws Exception {
    for (int round = 0; round < 40; round++) {
      long seed = System.nanoTime();
      try (DirectoryObjectStore directory =
          new DirectoryObjectStore(
              new SimulatedDisk(seed), Path.of("/bucket"), new PrometheusRegistry())) {
        lives(seed, round % 2 == 0, new FaultyObjectStore(directory));
      }
    }
  }

  private static Life life(
      SimulatedDisk disk, Path directory, boolean flushOnClose, BucketUse use, AtomicLong nowMs)
      throws IOException {
    StorageConfig config =
        use.bucket() == null ? Life.config(flushOnClose) : Life.tiered(flushOnClose, Duration.ZERO);
    return new Life(disk, directory, config, use, nowMs);
  }

  private void lives(long seed, boolean faults, @Nullable FaultyObjectStore bucket)
      throws Exception {
    BucketUse use = new BucketUse(bucket, BucketUse.Mode.OWN);
    rows.clear();
    nowMs.set(UtcDay.parse("2026-03-01").startMs());
    Random random = new Random(seed);
    SimulatedDisk disk = new SimulatedDisk(seed);
    try {
      for (int life = 1; life <= 5; life++) {
        try (Life now = life(disk, DIRECTORY, random.nextBoolean(), use, nowMs)) {
          check(now.store.all());
          if (bucket != null && random.nextInt(3) > 0) {
            bucket.behave(faultsOfBucket(random));
          }
          if (faults && life < 5) {
            disk.inject(faults(random));
          }
          if (random.nextInt(4) > 0 && life < 5) {
            disk.losePowerAfter(random.nextInt(200));
          }
          work(now, random);
          if (random.nextBoolean()) {
            // A kill: whatever is underway ends where it is.
            disk.losePowerAfter(0);
          }
        }
        if (bucket != null) {
          bucket.comesBack();
        }
        nowMs.addAndGet(Duration.ofHours(random.nextInt(60)).toMillis());
        disk.crash();
      }
      try (Life last = life(disk, DIRECTORY, true, use, nowMs)) {
        check(last.store.all());
        Life.await(last.ground.flush());
        check(last.store.all());
      }
      try (Life last = life(disk, DIRECTORY, true, use, nowMs)) {
        check(last.store.all());
        if (bucket != null) {
          awaitUploaded(last);
          check(last.store.all());
        }
      }
      if (bucket != null) {
        BucketUse takeOver = new BucketUse(bucket, BucketUse.Mode.TAKE_OVER);
        try (Life elsewhere = life(new SimulatedDisk(seed), DIRECTORY, true, takeOver, nowMs)) {
          check(elsewhere.store.all());
        }
      }
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed " + seed + ", faults " + faults, e);
    }
  }

  private static void awaitUploaded(Life life) throws InterruptedException {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!life.isSettledInBucket()) {
      assertThat(System.nanoTime()).as("%s", life.ground.status().tiering()).isLessThan(deadline);
      life.ground.requestUpload();
      Thread.sleep(2);
    }
  }

  private static FaultyObjectStore.Behaviour faultsOfBucket(Random random) {
    Random own = new Random(random.nextLong());
    int oneIn = 2 + own.nextInt(10);
    FaultyObjectStore.Outcome[] outcomes = FaultyObjectStore.Outcome.values();
    return (call, key) -> {
      synchronized (own) {
        return own.nextInt(oneIn) > 0
            ? FaultyObjectStore.Outcome.WORKS
            : outcomes[own.nextInt(outcomes.length)];
      }
    };
  }

  private static Fault faults(Random random) {
    Random own = new Random(random.nextLong());
    int oneIn = 5 + own.nextInt(60);
    return (operation, path, number) -> {
      if (own.nextInt(oneIn) > 0) {
        return Fault.Outcome.WORKS;
      }
      return switch (operation) {
        case WRITE, CREATE -> own.nextBoolean() ? Fault.Outcome.IS_FULL : Fault.Outcome.FAILS;
        case SYNC, APPEND, SYNC_DIRECTORY, DELETE, RENAME, CREATE_DIRECTORY, DELETE_DIRECTORY ->
            Fault.Outcome.FAILS;
        case OPEN, READ, LIST -> Fault.Outcome.WORKS;
      };
    };
  }

  private void work(Life life, Random random) throws IOException {
    Map<String, CompletableFuture<Positions>> writes = new HashMap<>();
    List<CompletableFuture<?>> flushes = new ArrayList<>();
    int steps = random.nextInt(60);
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(12)) {
        case 0 -> flushes.add(life.ground.flush());
        case 1 -> {
          // A deletion hides what was before it: only what is settled has a sure place.
          settle(writes);
          delete(life, "g" + random.nextInt(GROUPS));
        }
        case 2 -> {
          try {
            life.ground.maintain();
          } catch (IOException e) {
            assertThat(e).as("retention is off, only removals fail").isNotNull();
          }
        }
        case 3 -> settle(writes);
        default -> {
          String key = "g" + random.nextInt(GROUPS) + "/" + keys++;
          long timeMs = nowMs.get() - Duration.ofHours(random.nextInt(50)).toMillis();
          String value = "v".repeat(random.nextInt(400));
          writes.put(key, life.write(random.nextInt(Life.SHARDS), key, timeMs, value));
        }
      }
    }
    settle(writes);
    if (random.nextBoolean()) {
      for (CompletableFuture<?> flush : flushes) {
        flush.exceptionally(failed -> null).orTimeout(30, TimeUnit.SECONDS).join();
      }
    }
  }

  private void settle(Map<String, CompletableFuture<Positions>> writes) {
    writes.forEach((key, write) -> rows.put(key, fate(write, Fate.THERE, Fate.GONE)));
    writes.clear();
  }

  private void delete(Life life, String group) {
    Fate deleted = fate(life.delete(group), Fate.GONE, Fate.THERE);
    for (Map.Entry<String, Fate> row : rows.entrySet()) {
      if (row.getKey().startsWith(group + "/") && row.getValue() != Fate.GONE) {
        if (deleted == Fate.GONE) {
          row.setValue(Fate.GONE);
        } else if (deleted == Fate.UNKNOWN) {
          row.setValue(Fate.UNKNOWN);
        }
      }
    }
  }

  private static Fate fate(CompletableFuture<?> future, Fate done, Fate refused) {
    try {
      future.orTimeout(30, TimeUnit.SECONDS).join();
      return done;
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(WriteUnavailable.class);
      boolean unknown =
          e.getCause() instanceof WriteUnavailable unavailable && unavailable.fateUnknown();
      return unknown ? Fate.UNKNOWN : refused;
    }
  }

  private void check(List<KeyedRow> found) {
    Set<String> seen = new HashSet<>();
    for (KeyedRow row : found) {
      assertThat(seen.add(row.key())).as("%s is there once", row).isTrue();
      assertThat(rows.get(row.key())).as("%s may be there", row).isNotNull();
      assertThat(rows.get(row.key())).as("%s may be there", row).isNotEqualTo(Fate.GONE);
    }
    rows.forEach((key, fate) -> {
      if (fate == Fate.THERE) {
        assertThat(seen.contains(key)).as("%s is there", key).isTrue();
      }
    });
  }
}
