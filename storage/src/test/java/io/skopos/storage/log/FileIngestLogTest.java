// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.config.ByteSize;
import io.skopos.storage.Frame;
import io.skopos.storage.Positions;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.disk.RealDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileIngestLogTest {

  private static final int SHARDS = 4;
  private static final long NOW_MS = 1_700_000_000_000L;

  @TempDir Path directory;

  private final List<LogDamage> damages = Collections.synchronizedList(new ArrayList<>());

  /** What a consumer received: text and position of each frame. */
  private static final class Received implements LogConsumer {
    final List<String> texts = Collections.synchronizedList(new ArrayList<>());
    final List<Long> positions = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void accept(List<Frame> frames, Positions where) {
      for (int i = 0; i < frames.size(); i++) {
        Frame frame = frames.get(i);
        texts.add(new String(frame.payload(), 0, frame.payloadLength(), StandardCharsets.UTF_8));
        positions.add(where.position(i));
      }
    }
  }

  private FileIngestLog open(ByteSize segmentSize) throws IOException {
    StorageConfig.Log config =
        new StorageConfig.Log(
            segmentSize,
            ByteSize.ofMebibytes(8),
            Duration.ofSeconds(5),
            new ByteSize(0),
            Duration.ofMillis(10),
            true);
    return new FileIngestLog(
        new RealDisk(),
        directory.resolve("log"),
        directory.resolve("damaged"),
        SHARDS,
        config,
        () -> Instant.ofEpochMilli(NOW_MS),
        new PrometheusRegistry(),
        damages::add);
  }

  private FileIngestLog open() throws IOException {
    return open(ByteSize.ofMebibytes(1));
  }

  private static Frame frame(int shard, String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    return new Frame(
        TenantId.ANONYMOUS,
        Signal.METRICS,
        Frame.Kind.ROWS,
        shard,
        1,
        NOW_MS,
        NOW_MS + 1,
        payload,
        payload.length,
        null);
  }

  private static long[] none() {
    long[] positions = new long[SHARDS];
    Arrays.fill(positions, -1);
    return positions;
  }

  private static Positions await(CompletableFuture<Positions> append) throws Exception {
    return append.get(10, TimeUnit.SECONDS);
  }

  private Received replay() throws IOException {
    Received received = new Received();
    try (FileIngestLog log = open()) {
      log.start(none(), received);
    }
    return received;
  }

  @Test
  void handsOverInOrderAndAgainAfterRestart() throws Exception {
    Received live = new Received();
    List<String> written = new ArrayList<>();
    try (FileIngestLog log = open()) {
      assertThat(log.start(none(), live).frames()).isZero();
      for (int i = 0; i < 100; i++) {
        String text = "row " + i + " ".repeat(i * 10);
        written.add(text);
        Positions positions = await(log.append(List.of(frame(i % SHARDS, text))));
        assertThat(positions.shard(0)).isEqualTo(i % SHARDS);
        assertThat(positions.position(0)).isEqualTo(i);
      }
    }
    assertThat(live.texts).isEqualTo(written);
    Received again = replay();
    assertThat(again.texts).isEqualTo(written);
    assertThat(again.positions).isEqualTo(live.positions);
    assertThat(damages).isEmpty();
  }

  @Test
  void manyWritersKeepTheirAppendsTogether() throws Exception {
    Received live = new Received();
    try (FileIngestLog log = open(new ByteSize(4096))) {
      log.start(none(), live);
      List<Thread> writers = new ArrayList<>();
      for (int w = 0; w < 8; w++) {
        String name = "w" + w;
        writers.add(
            Thread.startVirtualThread(() -> {
              for (int i = 0; i < 50; i++) {
                log.append(
                        List.of(frame(0, name + "/" + i + "/a"), frame(1, name + "/" + i + "/b")))
                    .join();
              }
            }));
      }
      for (Thread writer : writers) {
        writer.join();
      }
    }
    assertThat(live.texts).hasSize(800).doesNotHaveDuplicates();
    for (int i = 0; i < 800; i += 2) {
      String first = live.texts.get(i);
      assertThat(first).endsWith("/a");
      assertThat(live.texts.get(i + 1)).isEqualTo(first.replace("/a", "/b"));
    }
    Received again = replay();
    assertThat(again.texts).isEqualTo(live.texts);
    assertThat(segmentFiles()).hasSizeGreaterThan(5);
  }

  @Test
  void releasedFramesAreNotHandedOverAndTheirSegmentsGo() throws Exception {
    try (FileIngestLog log = open(new ByteSize(2048))) {
      log.start(none(), new Received());
      long[] last = none();
      for (int i = 0; i < 50; i++) {
        Positions positions =
            await(log.append(List.of(frame(i % SHARDS, "old " + i + incompressible(100)))));
        last[positions.shard(0)] = positions.position(0);
      }
      int before = segmentFiles().size();
      assertThat(before).isGreaterThan(2);
      await(log.append(List.of(frame(2, "new 0"))));
      log.release(last);
      assertThat(segmentFiles().size()).isEqualTo(1);
      assertThat(log.released()).isEqualTo(last);
      await(log.append(List.of(frame(3, "new 1"))));
    }
    Received again = replay();
    assertThat(again.texts).containsExactly("new 0", "new 1");
    assertThat(again.positions).containsExactly(50L, 51L);
    // Without the file of released positions everything kept comes again, nothing is lost.
    Files.delete(directory.resolve("log/released"));
    assertThat(replay().texts).contains("new 0", "new 1");
  }

  @Test
  void afterAFullReleaseAndACleanStopNothingIsRead() throws Exception {
    try (FileIngestLog log = open()) {
      log.start(none(), new Received());
      for (int i = 0; i < 10; i++) {
        await(log.append(List.of(frame(1, "row " + i))));
      }
      log.release(new long[] {-1, 9, -1, -1});
    }
    assertThat(segmentFiles()).isEmpty();
    try (FileIngestLog log = open()) {
      ReplayReport report = log.start(none(), new Received());
      assertThat(report.bytes()).isZero();
      assertThat(await(log.append(List.of(frame(0, "next")))).position(0)).isEqualTo(10);
    }
  }

  @Test
  void positionsGoOnBehindWhatManifestsKnowWhenTheLogIsLost() throws Exception {
    try (FileIngestLog log = open()) {
      log.start(new long[] {5, -1, 700, 3}, new Received());
      assertThat(await(log.append(List.of(frame(0, "a")))).position(0)).isEqualTo(701);
    }
  }

  @Test
  void aTornTailIsLeftOutAndStaysOut() throws Exception {
    try (FileIngestLog log = open()) {
      log.start(none(), new Received());
      await(log.append(List.of(frame(0, "kept"))));
      await(log.append(List.of(frame(0, "part one"), frame(1, "part two"))));
    }
    Path segment = segmentFiles().getLast();
    // The second append loses its last byte: it must vanish as a whole.
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 1);
    }
    try (FileIngestLog log = open()) {
      Received received = new Received();
      ReplayReport report = log.start(none(), received);
      assertThat(received.texts).containsExactly("kept");
      assertThat(report.tornBytes()).isPositive();
      await(log.append(List.of(frame(0, "after"))));
    }
    assertThat(replay().texts).containsExactly("kept", "after");
    assertThat(damages).isEmpty();
  }

  @Test
  void eachFlippedByteLosesAtMostItsOwnFrame() throws Exception {
    List<String> written = new ArrayList<>();
    try (FileIngestLog log = open()) {
      log.start(none(), new Received());
      for (int i = 0; i < 20; i++) {
        written.add("row " + i + " " + incompressible(40));
        await(log.append(List.of(frame(i % SHARDS, written.getLast()))));
      }
    }
    Path segment = segmentFiles().getLast();
    byte[] whole = Files.readAllBytes(segment);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      damages.clear();
      int at = writeFlipped(segment, whole, random);
      List<String> texts = scan(segment);
      List<String> missing = new ArrayList<>(written);
      missing.removeAll(texts);
      assertThat(missing).as("seed %d, byte %d", seed, at).hasSizeLessThanOrEqualTo(1);
      List<String> kept = new ArrayList<>(written);
      kept.removeAll(missing);
      assertThat(texts).as("seed %d, byte %d", seed, at).isEqualTo(kept);
      boolean last = missing.contains(written.getLast());
      if ((!missing.isEmpty() && !last) || at < SegmentHeader.LENGTH) {
        assertThat(damages).as("seed %d, byte %d", seed, at).hasSize(1);
        assertThat(damages.getFirst().file()).isEqualTo(segment);
      }
    }
  }

  @Test
  void largeGroupsEndWithTheirPageAndNoFlippedOrMissingByteCostsMore() throws Exception {
    List<List<String>> appends = new ArrayList<>();
    long lastBegins = 0;
    try (FileIngestLog log = open()) {
      log.start(none(), new Received());
      for (int i = 0; i < 8; i++) {
        List<String> texts = new ArrayList<>();
        List<Frame> frames = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
          texts.add(i + " " + shard + " " + incompressible((i % 3 * 7000 + 900) / SHARDS));
          frames.add(frame(shard, texts.getLast()));
        }
        appends.add(texts);
        lastBegins = log.health().keptBytes();
        await(log.append(frames));
        boolean large = i % 3 > 0;
        assertThat(log.health().keptBytes() % GroupPadding.PAGE == 0)
            .as("group %d", i)
            .isEqualTo(large);
      }
    }
    Path segment = segmentFiles().getLast();
    byte[] whole = Files.readAllBytes(segment);
    assertThat(scan(segment)).isEqualTo(appends.stream().flatMap(List::stream).toList());
    assertThat(damages).isEmpty();
    Random random = new Random(3);
    for (int round = 0; round < 300; round++) {
      damages.clear();
      int at = writeFlipped(segment, whole, random);
      List<String> texts = scan(segment);
      long lost = appends.stream().filter(append -> !texts.containsAll(append)).count();
      assertThat(lost).as("byte %d", at).isLessThanOrEqualTo(1);
      if (lost == 1 && texts.containsAll(appends.getLast())) {
        assertThat(damages).as("byte %d", at).hasSize(1);
      }
    }
    List<String> before = appends.stream().limit(7).flatMap(List::stream).toList();
    for (int length = whole.length - 1; length > lastBegins; length -= 97) {
      damages.clear();
      Files.write(segment, Arrays.copyOf(whole, length));
      List<String> texts = scan(segment);
      if (texts.size() == before.size()) {
        assertThat(texts).as("length %d", length).isEqualTo(before);
      } else {
        // The padding alone is missing.
        assertThat(texts).as("length %d", length).hasSize(8 * SHARDS);
        assertThat(whole.length - length).isLessThan(GroupPadding.PAGE);
      }
      assertThat(damages).as("length %d", length).isEmpty();
    }
  }

  @Test
  void segmentsOfTheVersionBeforeAreRead() throws Exception {
    try (FileIngestLog log = open()) {
      log.start(none(), new Received());
      await(log.append(List.of(frame(1, "old"))));
    }
    Path segment = segmentFiles().getLast();
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.getInt(8)).isEqualTo(SegmentHeader.VERSION);
    bytes.putInt(8, 2);
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, 12);
    crc.update(bytes.array(), 16, SegmentHeader.LENGTH - 16);
    bytes.putInt(12, (int) crc.getValue());
    Files.write(segment, bytes.array());
    assertThat(replay().texts).containsExactly("old");
    assertThat(damages).isEmpty();
  }

  /** Writes the bytes with one bit flipped; gives the byte it is in. */
  private static int writeFlipped(Path segment, byte[] whole, Random random) throws IOException {
    byte[] flipped = whole.clone();
    int at = random.nextInt(whole.length);
    flipped[at] ^= (byte) (1 << random.nextInt(8));
    Files.write(segment, flipped);
    return at;
  }

  private List<String> scan(Path segment) throws IOException {
    Received received = new Received();
    LogReplay replay =
        new LogReplay(
            new RealDisk(),
            directory.resolve("log"),
            SHARDS,
            ReleasedPositions.none(SHARDS),
            received,
            damages::add);
    replay.run();
    return received.texts;
  }

  @Test
  void aDamagedSegmentIsNamedAndKeptAsideOnceReleased() throws Exception {
    try (FileIngestLog log = open()) {
      log.start(none(), new Received());
      for (int i = 0; i < 3; i++) {
        await(log.append(List.of(frame(0, "row " + i))));
      }
    }
    Path segment = segmentFiles().getLast();
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      // Inside the second frame's payload.
      long frameLength = FrameHeader.FIXED_LENGTH + "anonymous".length() + "row 0".length();
      channel.write(ByteBuffer.wrap(new byte[] {'X'}), SegmentHeader.LENGTH + 2 * frameLength - 2);
    }
    try (FileIngestLog log = open()) {
      Received received = new Received();
      ReplayReport report = log.start(none(), received);
      assertThat(received.texts).containsExactly("row 0", "row 2");
      assertThat(report.damagedPieces()).isEqualTo(1);
      LogDamage damage = damages.getFirst();
      assertThat(damage.file()).isEqualTo(segment);
      assertThat(damage.range()).isEqualTo(new TimeRange(NOW_MS, NOW_MS + 1));
      assertThat(damage.bytes()).isEqualTo(report.damagedBytes());
      await(log.append(List.of(frame(0, "row 3"))));
      log.release(new long[] {2, -1, -1, -1});
    }
    assertThat(segment).doesNotExist();
    assertThat(directory.resolve("damaged").resolve(segment.getFileName())).exists();
    assertThat(replay().texts).containsExactly("row 3");
  }

  @Test
  void aLostSegmentLosesOnlyItselfAndIsNamed() throws Exception {
    try (FileIngestLog log = open(new ByteSize(300))) {
      log.start(none(), new Received());
      for (int i = 0; i < 6; i++) {
        await(log.append(List.of(frame(0, i + incompressible(150)))));
      }
    }
    List<Path> files = segmentFiles();
    assertThat(files).hasSize(6);
    Files.delete(files.get(2));
    List<String> first = replay().texts.stream().map(text -> text.substring(0, 1)).toList();
    assertThat(first).containsExactly("0", "1", "3", "4", "5");
    assertThat(damages).hasSize(1);
    assertThat(damages.getFirst().file()).isEqualTo(files.get(2));
  }

  @Test
  void payloadsOfAllSizesComeBack() throws Exception {
    List<String> written = new ArrayList<>();
    try (FileIngestLog log = open(ByteSize.ofMebibytes(4))) {
      log.start(none(), new Received());
      for (int size : new int[] {0, 1, 255, 256, 65_536, 1_048_576, 5_000_000}) {
        written.add(incompressible(size));
        written.add("z".repeat(size));
        await(
            log.append(
                List.of(frame(1, written.get(written.size() - 2)), frame(2, written.getLast()))));
      }
    }
    assertThat(replay().texts).isEqualTo(written);
  }

  private List<Path> segmentFiles() throws IOException {
    try (var files = Files.list(directory.resolve("log"))) {
      return files.filter(file -> file.toString().endsWith(".segment")).sorted().toList();
    }
  }

  private static String incompressible(int length) {
    Random random = new Random(length);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString();
  }
}
