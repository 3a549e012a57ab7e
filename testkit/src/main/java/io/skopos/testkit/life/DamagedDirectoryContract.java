// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.UtcDay;
import io.skopos.storage.SignalStore;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.documents.Document;
import io.skopos.testkit.life.ExpectedRows.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Flips a bit of a byte of a file of a data directory that a whole life left behind, opens the
 * directory and asks for everything: the answer is right, or the damage is named and the rest of
 * the answer is right. A sample of all bytes; every byte with {@code -Dskopos.flip.every=1}.
 */
public abstract class DamagedDirectoryContract<S extends SignalStore> {

  private static final String DOCUMENT = "a document's content, long enough to be flipped";

  @TempDir private Path work;

  private final AtomicLong nowMs = new AtomicLong(UtcDay.parse("2026-03-01").startMs() - 60_000);
  private final Map<String, int[]> flipsByFile = new TreeMap<>();

  /** The wing whose store lives. */
  protected abstract LifeWing<S> wing();

  /** A bit of every so many bytes is flipped, when no property says otherwise. */
  protected int every() {
    return 2003;
  }

  @Test
  void aFlippedBitIsNamedOrHarmless() throws Exception {
    long seed = Long.getLong("skopos.flip.seed", System.nanoTime());
    int every = Integer.getInteger("skopos.flip.every", every());
    Random random = new Random(seed);
    LifeScript<S> script = new LifeScript<>(wing(), random, nowMs);
    Path whole = work.resolve("whole");
    live(whole, script);
    long at = random.nextInt(every);
    int flips = 0;
    for (Path file : files(whole)) {
      long length = Files.size(file);
      // Each file is hit at least once.
      boolean hit = false;
      for (; at < length || !hit && length > 0; at += every) {
        long place = at < length ? at : random.nextLong(length);
        hit = true;
        try {
          flipped(whole, whole.relativize(file), place, 1 << random.nextInt(8), script);
        } catch (Exception | AssertionError e) {
          throw new AssertionError(
              "seed " + seed + ", byte " + place + " of " + whole.relativize(file), e);
        }
        flips++;
      }
      at = Math.max(0, at - length);
    }
    System.out.println(flips + " flipped bits, seed " + seed + "; by file [flips, named]:");
    flipsByFile.forEach(
        (kind, counts) -> System.out.println("  " + kind + " " + List.of(counts[0], counts[1])));
    assertThat(flips).isPositive();
  }

  /** Leaves parts of several days, merged and not, deletions, a document, and frames in the log. */
  private void live(Path directory, LifeScript<S> script) throws Exception {
    StorageConfig small = StoreLife.config(StoreLife.SMALL_SEGMENTS, false);
    try (StoreLife<S> life = new StoreLife<>(wing(), new RealDisk(), directory, small, nowMs)) {
      life.ground()
          .documents()
          .create(StoreLife.TENANT, "dashboard", "one", DOCUMENT.getBytes(StandardCharsets.UTF_8));
      script.run(life, 60);
      life.ground().flush().join();
      script.delete(life);
      script.run(life, 20);
    }
    StorageConfig large = StoreLife.config(StoreLife.SEGMENTS_WITH_DICTIONARY, false);
    try (StoreLife<S> life = new StoreLife<>(wing(), new RealDisk(), directory, large, nowMs)) {
      life.ground().flush().join();
      for (int i = 0; i < 60; i++) {
        script.write(life);
      }
    }
  }

  private void flipped(Path whole, Path file, long at, int bit, LifeScript<S> script)
      throws Exception {
    Path copy = work.resolve("copy");
    copy(whole, copy);
    byte[] bytes = Files.readAllBytes(copy.resolve(file));
    bytes[(int) at] ^= (byte) bit;
    Files.delete(copy.resolve(file)); // the other name of the file keeps its bytes
    Files.write(copy.resolve(file), bytes);
    StorageConfig config = StoreLife.config(StoreLife.SMALL_SEGMENTS, false);
    boolean named;
    try (StoreLife<S> life = new StoreLife<>(wing(), new RealDisk(), copy, config, nowMs)) {
      LifeWing.Answer answer = life.read();
      check(life, answer, script);
      checkDocument(life);
      for (DamagedFile one : life.ground().damagedFiles()) {
        assertThat(one.what()).isNotBlank();
        assertThat(one.file()).isNotBlank();
      }
      // What is damaged stays so: flushes and merges go on beside it.
      life.ground().flush().exceptionally(failed -> null).join();
      life.ground().maintain();
      check(life, life.read(), script);
      named = !life.ground().damagedFiles().isEmpty();
    }
    int[] counts = flipsByFile.computeIfAbsent(kind(file), kind -> new int[2]);
    counts[0]++;
    counts[1] += named ? 1 : 0;
    delete(copy);
  }

  /** Missing, or as it was before a write or deletion that is lost now; and the damage is named. */
  private void check(StoreLife<S> life, LifeWing.Answer answer, LifeScript<S> script) {
    List<DamagedFile> damaged = life.ground().damagedFiles();
    for (Fault fault : script.expected.faults(answer.rows())) {
      assertThat(script.expected.wasEver(fault)).as("was written like this: %s", fault).isTrue();
      if (life.ground().status().replay().tornBytes() > 0) {
        // The last append of all cannot be told from one that was never finished.
        continue;
      }
      assertThat(damaged)
          .as("a range that is named has it: %s", fault)
          .anyMatch(one -> one.range() == null || one.range().contains(fault.timeMs()));
    }
  }

  private void checkDocument(StoreLife<S> life) throws IOException {
    Document document = life.ground().documents().get(StoreLife.TENANT, "dashboard", "one");
    if (document == null) {
      assertThat(life.ground().damagedFiles())
          .as("a document is missing")
          .anyMatch(one -> one.kind() == DamagedFile.Kind.DOCUMENT);
    } else {
      assertThat(new String(document.content(), StandardCharsets.UTF_8)).isEqualTo(DOCUMENT);
    }
  }

  private static String kind(Path file) {
    String text = file.toString();
    if (text.startsWith("objects")) {
      return file.getName(1) + (text.endsWith(".part") ? "/*.part" : "");
    }
    return text.startsWith("log") && !text.endsWith("released") ? "log/*.segment" : text;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> files = new ArrayList<>(all.filter(Files::isRegularFile).sorted().toList());
      files.removeIf(file -> file.getFileName().toString().equals("lock"));
      files.removeIf(file -> directory.relativize(file).startsWith("snapshots"));
      return files;
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.createLink(target, path);
        }
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
