// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.storage.Frame;
import io.skopos.storage.Positions;
import io.skopos.storage.WriteUnavailable;
import io.skopos.storage.log.FileIngestLog;
import io.skopos.testkit.disk.DiskOperation;
import io.skopos.testkit.disk.Fault;
import io.skopos.testkit.disk.SimulatedDisk;
import io.skopos.testkit.log.TextFrames.Received;
import io.skopos.testkit.log.TextFrames.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Several lives of a log on a disk that fails, fills up and loses power. After each: what was
 * acknowledged and not released is handed over exactly once, in order and under its position; what
 * was refused for good never is.
 */
final class FileIngestLogCrashTest {

  private static final int SHARDS = 3;
  private static final Path DIRECTORY = Path.of("/data");

  private final Set<Row> acknowledged = new HashSet<>();
  private final Set<String> refused = new HashSet<>();
  private final Set<String> maybe = new HashSet<>();
  private long[] released = {-1, -1, -1};
  private int texts;
  private int dictionaries;

  @Test
  void survivesPowerLossAtAnyMoment() throws Exception {
    for (int round = 0; round < 60; round++) {
      lives(System.nanoTime() + round, false);
    }
    assertThat(dictionaries).as("lives that ended with a dictionary").isPositive();
  }

  @Test
  void survivesAFailingAndFullDisk() throws Exception {
    for (int round = 0; round < 60; round++) {
      lives(System.nanoTime() + round, true);
    }
    assertThat(dictionaries).as("lives that ended with a dictionary").isPositive();
  }

  private void lives(long seed, boolean faults) throws Exception {
    acknowledged.clear();
    refused.clear();
    maybe.clear();
    Arrays.fill(released, -1);
    Random random = new Random(seed);
    boolean large = random.nextInt(3) == 0;
    int segmentBytes = large ? FileLogs.SEGMENTS_WITH_DICTIONARY : FileLogs.SMALL_SEGMENTS;
    SimulatedDisk disk = new SimulatedDisk(seed);
    disk.createDirectories(DIRECTORY);
    disk.syncDirectory(Path.of("/"));
    try {
      for (int life = 0; life < 4; life++) {
        Received received = new Received();
        FileIngestLog log = FileLogs.open(disk, DIRECTORY, SHARDS, segmentBytes);
        log.start(new long[] {-1, -1, -1}, received);
        check(received.rows());
        if (faults) {
          disk.inject(faults(random));
        }
        if (random.nextInt(3) > 0) {
          disk.losePowerAfter(random.nextInt(large ? 300 : 60));
        }
        write(log, random, large ? 300 : 60);
        switch (random.nextInt(3)) {
          case 0 -> {
            // Nothing of this life reaches the disk any more; its threads still have to end.
            disk.losePowerAfter(0);
            log.close();
            disk.crash();
          }
          case 1 -> {
            log.close();
            disk.crash();
          }
          default -> {
            log.close();
            disk.kill();
          }
        }
        dictionaries += hasDictionary(disk) ? 1 : 0;
      }
      Received received = new Received();
      try (FileIngestLog log = FileLogs.open(disk, DIRECTORY, SHARDS, segmentBytes)) {
        log.start(new long[] {-1, -1, -1}, received);
      }
      check(received.rows());
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed " + seed + ", faults " + faults, e);
    }
  }

  private static Fault faults(Random random) {
    Random own = new Random(random.nextLong());
    int oneIn = 3 + own.nextInt(20);
    return (operation, path, number) -> {
      boolean write =
          switch (operation) {
            case WRITE, SYNC, CREATE, APPEND, SYNC_DIRECTORY, DELETE, RENAME -> true;
            case OPEN, READ, LIST, CREATE_DIRECTORY, DELETE_DIRECTORY -> false;
          };
      if (!write || own.nextInt(oneIn) > 0) {
        return Fault.Outcome.WORKS;
      }
      return own.nextBoolean() && operation != DiskOperation.SYNC
          ? Fault.Outcome.IS_FULL
          : Fault.Outcome.FAILS;
    };
  }

  private static boolean hasDictionary(SimulatedDisk disk) throws IOException {
    for (Path file : disk.files(DIRECTORY.resolve("log"))) {
      if (new String(disk.content(file), StandardCharsets.ISO_8859_1).contains("SKLD")) {
        return true;
      }
    }
    return false;
  }

  private void write(FileIngestLog log, Random random, int most) throws Exception {
    List<List<Frame>> appends = new ArrayList<>();
    List<CompletableFuture<Positions>> futures = new ArrayList<>();
    int count = random.nextInt(most);
    for (int i = 0; i < count; i++) {
      List<Frame> frames = new ArrayList<>();
      for (int f = random.nextInt(3); f >= 0; f--) {
        String text = texts++ + "-" + "x".repeat(random.nextInt(300));
        frames.add(TextFrames.of(random.nextInt(SHARDS), text));
      }
      appends.add(frames);
      futures.add(log.append(frames));
      if (random.nextInt(4) == 0) {
        settle(futures.getLast());
      }
      if (random.nextInt(20) == 0) {
        release(log, appends, futures);
      }
    }
    for (int i = 0; i < count; i++) {
      note(appends.get(i), futures.get(i));
    }
  }

  /** Releases up to some acknowledged append; a failed release may or may not have happened. */
  private void release(
      FileIngestLog log, List<List<Frame>> appends, List<CompletableFuture<Positions>> futures) {
    long[] next = released.clone();
    for (int i = 0; i < appends.size() / 2; i++) {
      settle(futures.get(i));
      if (!futures.get(i).isCompletedExceptionally()) {
        Positions positions = futures.get(i).join();
        for (int f = 0; f < positions.size(); f++) {
          next[positions.shard(f)] = Math.max(next[positions.shard(f)], positions.position(f));
        }
      }
    }
    released = next;
    try {
      log.release(next);
    } catch (IOException e) {
      assertThat(e).hasMessageNotContaining("NullPointer");
    }
  }

  private static void settle(CompletableFuture<Positions> append) {
    try {
      append.orTimeout(20, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(WriteUnavailable.class);
    }
  }

  private void note(List<Frame> frames, CompletableFuture<Positions> append) {
    settle(append);
    if (append.isCompletedExceptionally()) {
      boolean unknown = ((WriteUnavailable) append.exceptionNow()).fateUnknown();
      for (Frame frame : frames) {
        (unknown ? maybe : refused).add(TextFrames.textOf(frame));
      }
      return;
    }
    Positions positions = append.join();
    for (int f = 0; f < frames.size(); f++) {
      acknowledged.add(
          new Row(positions.shard(f), positions.position(f), TextFrames.textOf(frames.get(f))));
    }
  }

  private void check(List<Row> rows) {
    assertThat(new HashSet<>(rows)).hasSameSizeAs(rows);
    long last = -1;
    Set<String> seen = new TreeSet<>();
    for (Row row : rows) {
      assertThat(row.position()).isGreaterThan(last);
      last = row.position();
      seen.add(row.text());
      assertThat(refused).doesNotContain(row.text());
      assertThat(acknowledged.contains(row) || maybe.contains(row.text()))
          .as("%s was written", row)
          .isTrue();
    }
    for (Row row : acknowledged) {
      if (row.position() > released[row.shard()]) {
        assertThat(rows.contains(row)).as("%s was kept", row).isTrue();
      }
    }
    assertThat(seen).hasSameSizeAs(rows);
  }
}
