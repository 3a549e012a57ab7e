// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.config.ByteSize;
import io.skopos.storage.Frame;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.disk.RealDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log whose frames repeat each other. */
class SegmentDictionaryTest {

  private static final long[] NONE = {-1};

  @TempDir Path directory;

  private final List<String> written = new ArrayList<>();
  private final List<LogDamage> damages = Collections.synchronizedList(new ArrayList<>());

  private FileIngestLog open(Path log) throws IOException {
    StorageConfig.Log config =
        new StorageConfig.Log(
            ByteSize.ofMebibytes(4),
            ByteSize.ofMebibytes(8),
            Duration.ofSeconds(5),
            new ByteSize(0),
            Duration.ofMillis(10),
            true);
    return new FileIngestLog(
        new RealDisk(),
        log,
        directory.resolve("damaged"),
        1,
        config,
        () -> Instant.ofEpochMilli(0),
        new PrometheusRegistry(),
        damages::add);
  }

  private static Frame frame(String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    return new Frame(
        TenantId.ANONYMOUS,
        Signal.METRICS,
        Frame.Kind.ROWS,
        0,
        1,
        1,
        2,
        payload,
        payload.length,
        null);
  }

  /** Pairs of a few names and some hundred values, in a different choice each time. */
  private static String text(int number, Random random) {
    StringBuilder text = new StringBuilder("frame ").append(number);
    for (int i = 0; i < 40; i++) {
      int value = random.nextInt(400);
      text.append(" label_")
          .append(value % 20)
          .append("=\"value-")
          .append(value * 7919)
          .append('"');
    }
    return text.toString();
  }

  @BeforeEach
  void writeFrames() throws Exception {
    Random random = new Random(7);
    List<CompletableFuture<?>> appends = new ArrayList<>();
    try (FileIngestLog log = open(directory.resolve("log"))) {
      log.start(NONE, (frames, positions) -> {});
      for (int i = 0; i < 2000; i++) {
        written.add(text(i, random));
        appends.add(log.append(List.of(frame(written.getLast()))));
        if (i % 25 == 0) {
          // Frames are encoded when they come: let them come after the segment they go to began.
          appends.getLast().get(10, TimeUnit.SECONDS);
        }
      }
      for (CompletableFuture<?> append : appends) {
        append.get(10, TimeUnit.SECONDS);
      }
    }
  }

  private List<Path> segments(Path log) throws IOException {
    try (Stream<Path> files = Files.list(log)) {
      return files.filter(file -> file.toString().endsWith(".segment")).sorted().toList();
    }
  }

  private List<String> replay(Path log) throws IOException {
    List<String> texts = new ArrayList<>();
    try (FileIngestLog opened = open(log)) {
      opened.start(
          NONE,
          (frames, positions) ->
              frames.forEach(frame ->
                  texts.add(
                      new String(
                          frame.payload(), 0, frame.payloadLength(), StandardCharsets.UTF_8))));
    }
    return texts;
  }

  @Test
  void framesComeBackAndAreMuchSmallerOnceThereIsADictionary() throws Exception {
    List<Path> segments = segments(directory.resolve("log"));
    assertThat(segments).as("the first dictionary begins a segment").hasSize(2);
    long raw = written.stream().mapToLong(String::length).sum();
    long stored = 0;
    for (Path segment : segments) {
      stored += Files.size(segment);
    }
    // zstd alone saves half, of frames as short as these; groups fill their last page up.
    assertThat(stored).isLessThan(raw * 2 / 5);
    assertThat(replay(directory.resolve("log"))).isEqualTo(written);
    assertThat(damages).isEmpty();
  }

  @Test
  void aFlippedByteOfHeaderOrDictionaryLosesNoFrame() throws Exception {
    Random random = new Random(11);
    List<Path> segments = segments(directory.resolve("log"));
    byte[] whole = Files.readAllBytes(segments.getLast());
    int dictionaryBytes = 64 + 2 * 3000;
    for (int round = 0; round < 60; round++) {
      damages.clear();
      int at = round < 20 ? round * 8 : random.nextInt(dictionaryBytes);
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Path log = directory.resolve("flipped-" + round);
      Files.createDirectories(log);
      for (Path segment : segments) {
        Files.copy(segment, log.resolve(segment.getFileName()));
      }
      Files.write(log.resolve(segments.getLast().getFileName()), flipped);
      assertThat(replay(log)).as("byte %s", at).isEqualTo(written);
      if (at < dictionaryBytes / 2) {
        assertThat(damages).as("byte %s", at).isNotEmpty();
      }
    }
  }

  @Test
  void withoutBothCopiesTheFramesAreDamagedAndNamed() throws Exception {
    List<Path> segments = segments(directory.resolve("log"));
    Path log = directory.resolve("log");
    byte[] bytes = Files.readAllBytes(segments.getLast());
    for (int at = 64; at + 32 < bytes.length; at++) {
      if (bytes[at] == 'S'
          && bytes[at + 1] == 'K'
          && bytes[at + 2] == 'L'
          && bytes[at + 3] == 'D') {
        bytes[at + 32] ^= 1;
      }
    }
    Files.write(segments.getLast(), bytes);
    List<String> texts = replay(log);
    assertThat(texts).isNotEmpty().isEqualTo(written.subList(0, texts.size()));
    assertThat(texts).hasSizeLessThan(written.size());
    assertThat(damages)
        .anySatisfy(damage -> assertThat(damage.what()).contains("cannot be decompressed"));
  }
}
