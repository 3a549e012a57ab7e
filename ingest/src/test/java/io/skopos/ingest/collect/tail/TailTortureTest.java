// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.ingest.collect.StoredEntries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that are written and rotated in every way while the collector is killed again and again:
 * nothing is lost, and most of what comes twice comes with the same time, so that a store keeps
 * one; the rest is counted.
 */
class TailTortureTest {

  private static final long SEED = Long.getLong("skopos.seed", 4711);
  private static final int ROUNDS = Integer.getInteger("skopos.torture.rounds", 4);
  private static final int STEPS = 150;

  @TempDir Path directory;

  private Path logs() throws IOException {
    return Files.createDirectories(directory.resolve("logs"));
  }

  @Test
  void crashesWithinTheProcess() throws Exception {
    StoredEntries stored = new StoredEntries();
    WildWriter writer = new WildWriter(logs(), SEED, 4);
    for (int round = 0; round < ROUNDS; round++) {
      Tailing tailing =
          new Tailing(directory.resolve("state"), stored, Tailing.job(logs() + "/*.log*"));
      int before = stored.lines().size();
      for (int i = 0; i < STEPS; i++) {
        writer.step();
      }
      stored.await(before + STEPS);
      tailing.crash();
      for (int i = 0; i < STEPS / 10; i++) {
        writer.step();
      }
    }
    Set<String> wanted = new HashSet<>(writer.written());
    try (Tailing _ =
        new Tailing(directory.resolve("state"), stored, Tailing.job(logs() + "/*.log*"))) {
      stored.await(all -> all.size() >= wanted.size() && lines(all).containsAll(wanted));
    }
    report("within the process", stored.lines(), stored.repeats(), wanted);
  }

  private static Set<String> lines(List<StoredEntries.Stored> all) {
    Set<String> lines = new HashSet<>();
    all.forEach(entry -> lines.add(entry.line()));
    return lines;
  }

  @Test
  void killedProcesses() throws Exception {
    Path out = directory.resolve("out");
    WildWriter writer = new WildWriter(logs(), SEED + 1, 3);
    for (int round = 0; round < ROUNDS / 2; round++) {
      long before = Files.exists(out) ? Files.size(out) : 0;
      Process process = start(out);
      for (int i = 0; i < STEPS; i++) {
        writer.step();
      }
      while (!Files.exists(out) || Files.size(out) == before) {
        assertThat(process.isAlive()).isTrue();
        TimeUnit.MILLISECONDS.sleep(20);
      }
      for (int i = 0; i < STEPS; i++) {
        writer.step();
      }
      process.destroyForcibly().waitFor();
      for (int i = 0; i < STEPS / 10; i++) {
        writer.step();
      }
    }
    Set<String> wanted = new HashSet<>(writer.written());
    Process last = start(out);
    Map<String, Integer> entries = new HashMap<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    List<String> lines = List.of();
    while (!new HashSet<>(lines).containsAll(wanted) && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(100);
      lines = read(out, entries);
    }
    last.destroyForcibly().waitFor();
    int repeats = entries.values().stream().mapToInt(count -> count - 1).sum();
    report("of killed processes", read(out, entries), repeats, wanted);
  }

  /** Distinct entries as lines; how often each came. */
  private static List<String> read(Path out, Map<String, Integer> entries) throws IOException {
    entries.clear();
    List<String> lines = new ArrayList<>();
    byte[] bytes = Files.readAllBytes(out);
    for (String entry : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
      if (!entry.isEmpty() && entries.merge(entry, 1, Integer::sum) == 1) {
        lines.add(entry.substring(entry.lastIndexOf('\t') + 1));
      }
    }
    return lines;
  }

  private Process start(Path out) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            KilledCollector.class.getName(),
            logs() + "/*.log*",
            directory.resolve("state").toString(),
            out.toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("process.log").toFile())
        .start();
  }

  private static void report(String what, List<String> lines, int repeats, Set<String> wanted) {
    List<String> foreign = new ArrayList<>(lines);
    foreign.removeAll(wanted);
    int duplicates = lines.size() - new HashSet<>(lines).size();
    System.out.println(
        what
            + ": "
            + wanted.size()
            + " lines, "
            + repeats
            + " came again as they were, "
            + duplicates
            + " with another time; seed "
            + SEED);
    assertThat(lines).containsAll(wanted);
    assertThat(foreign).isEmpty();
    // A known weakness: of files rotated many times a second around a crash, some are taken for
    // new ones (up to a sixth of the lines were seen). The bound only keeps that from growing.
    assertThat(duplicates).isLessThanOrEqualTo(wanted.size() / 3);
  }
}
