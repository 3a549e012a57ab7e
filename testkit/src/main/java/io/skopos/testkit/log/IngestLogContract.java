// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.storage.Frame;
import io.skopos.storage.Positions;
import io.skopos.storage.RepeatedBytes;
import io.skopos.storage.WriteUnavailable;
import io.skopos.storage.log.IngestLog;
import io.skopos.testkit.log.TextFrames.Received;
import io.skopos.testkit.log.TextFrames.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The contract of {@link IngestLog}; each test begins with an empty log of four shards. */
public abstract class IngestLogContract {

  protected static final int SHARDS = 4;

  /** Opens the test's log, not started; again after the former one was closed. */
  protected abstract IngestLog open() throws IOException;

  private static long[] none() {
    long[] positions = new long[SHARDS];
    Arrays.fill(positions, -1);
    return positions;
  }

  private static Positions await(CompletableFuture<Positions> append) throws Exception {
    return append.get(20, TimeUnit.SECONDS);
  }

  private Received replay() throws IOException {
    Received received = new Received();
    try (IngestLog log = open()) {
      log.start(none(), received);
    }
    return received;
  }

  @Test
  void whatWasAcknowledgedIsHandedOverOnceAndAgainAfterARestart() throws Exception {
    Received live = new Received();
    Map<Integer, List<String>> written = new HashMap<>();
    try (IngestLog log = open()) {
      assertThat(log.start(none(), live).frames()).isZero();
      for (int i = 0; i < 60; i++) {
        Frame frame = TextFrames.of(i % SHARDS, "row " + i);
        Positions positions = await(log.append(List.of(frame)));
        assertThat(positions.size()).isEqualTo(1);
        assertThat(positions.shard(0)).isEqualTo(i % SHARDS);
        written.computeIfAbsent(i % SHARDS, shard -> new ArrayList<>()).add("row " + i);
      }
    }
    Received again = replay();
    for (int shard = 0; shard < SHARDS; shard++) {
      assertThat(live.texts(shard)).isEqualTo(written.get(shard));
      assertThat(again.texts(shard)).isEqualTo(written.get(shard));
    }
    assertThat(again.rows()).containsExactlyInAnyOrderElementsOf(live.rows());
  }

  @Test
  void positionsAscendWithinAShardAlsoOverRestarts() throws Exception {
    long[] last = none();
    for (int life = 0; life < 3; life++) {
      try (IngestLog log = open()) {
        log.start(none(), new Received());
        for (int i = 0; i < 20; i++) {
          Positions positions = await(log.append(List.of(TextFrames.of(i % SHARDS, "x"))));
          assertThat(positions.position(0)).isGreaterThan(last[i % SHARDS]);
          last[i % SHARDS] = positions.position(0);
        }
      }
    }
    long[] replayed = none();
    for (Row row : replay().rows()) {
      assertThat(row.position()).isGreaterThan(replayed[row.shard()]);
      replayed[row.shard()] = row.position();
    }
    assertThat(replayed).isEqualTo(last);
  }

  @Test
  void framesOfOneAppendStaySideBySideAmongManyWriters() throws Exception {
    Received live = new Received();
    try (IngestLog log = open()) {
      log.start(none(), live);
      List<Thread> writers = new ArrayList<>();
      for (int w = 0; w < 6; w++) {
        String name = "writer " + w;
        writers.add(
            Thread.startVirtualThread(() -> {
              for (int i = 0; i < 20; i++) {
                String text = name + "/" + i;
                log.append(
                        List.of(
                            TextFrames.of(1, text + "/a"),
                            TextFrames.of(2, text),
                            TextFrames.of(1, text + "/b")))
                    .join();
              }
            }));
      }
      for (Thread writer : writers) {
        writer.join();
      }
    }
    Received again = replay();
    for (Received received : List.of(live, again)) {
      List<String> first = received.texts(1);
      assertThat(first).hasSize(240).doesNotHaveDuplicates();
      for (int i = 0; i < first.size(); i += 2) {
        assertThat(first.get(i + 1)).isEqualTo(first.get(i).replace("/a", "/b"));
      }
      assertThat(received.texts(2)).hasSize(120);
    }
  }

  @Test
  void theFieldsOfAFrameComeBack() throws Exception {
    byte[] payload = {0, 1, 2, 3, -1};
    Frame frame =
        new Frame(
            new io.skopos.model.TenantId("team-a"),
            io.skopos.model.Signal.LOGS,
            Frame.Kind.DELETION,
            3,
            17,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            payload,
            4,
            null);
    try (IngestLog log = open()) {
      log.start(none(), new Received());
      await(log.append(List.of(frame)));
    }
    List<Frame> frames = new ArrayList<>();
    try (IngestLog log = open()) {
      log.start(none(), (replayed, positions) -> frames.addAll(replayed));
    }
    assertThat(frames).hasSize(1);
    Frame read = frames.getFirst();
    assertThat(read.payload()).containsExactly(0, 1, 2, 3);
    assertThat(read).usingRecursiveComparison().ignoringFields("payload").isEqualTo(frame);
  }

  @Test
  void framesOfRepeatedStretchesComeBackWhole() throws Exception {
    Random random = new Random(3);
    List<RepeatedBytes> stretches = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String text = ("stretch " + i + " of values ").repeat(1 + random.nextInt(300));
      stretches.add(new RepeatedBytes(text.getBytes(StandardCharsets.UTF_8)));
    }
    List<String> written = new ArrayList<>();
    try (IngestLog log = open()) {
      log.start(none(), new Received());
      for (int i = 0; i < 300; i++) {
        Frame frame = TextFrames.of(0, random, stretches);
        written.add(TextFrames.textOf(frame));
        await(log.append(List.of(frame)));
      }
    }
    assertThat(replay().texts(0)).isEqualTo(written);
  }

  @Test
  void releasedFramesAreNotHandedOverAgain() throws Exception {
    long[] released = none();
    try (IngestLog log = open()) {
      log.start(none(), new Received());
      for (int i = 0; i < 40; i++) {
        Positions positions = await(log.append(List.of(TextFrames.of(i % 2, "row " + i))));
        if (i < 30 && i % 2 == 0) {
          released[0] = positions.position(0);
        }
      }
      log.release(released);
      assertThat(log.released()).isEqualTo(released);
    }
    Received again = replay();
    assertThat(again.texts(0)).containsExactly("row 30", "row 32", "row 34", "row 36", "row 38");
    assertThat(again.texts(1)).hasSize(20);
    try (IngestLog log = open()) {
      assertThat(log.released()).isEqualTo(released);
      log.start(none(), new Received());
    }
  }

  @Test
  void anythingButTheFullyReleasedComesBack() throws Exception {
    long[] last = none();
    try (IngestLog log = open()) {
      log.start(none(), new Received());
      for (int i = 0; i < 10; i++) {
        last[1] = await(log.append(List.of(TextFrames.of(1, "old")))).position(0);
      }
      log.release(last);
    }
    try (IngestLog log = open()) {
      Received received = new Received();
      log.start(none(), received);
      assertThat(received.rows()).isEmpty();
      Positions next = await(log.append(List.of(TextFrames.of(1, "new"))));
      assertThat(next.position(0)).isGreaterThan(last[1]);
    }
    assertThat(replay().texts()).containsExactly("new");
  }

  @Test
  void closingFinishesWhatIsQueuedAndThenRefuses() throws Exception {
    Received live = new Received();
    IngestLog log = open();
    log.start(none(), live);
    List<CompletableFuture<Positions>> appends = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      appends.add(log.append(List.of(TextFrames.of(0, "row " + i))));
    }
    log.close();
    for (CompletableFuture<Positions> append : appends) {
      await(append);
    }
    assertThat(live.texts()).hasSize(200);
    assertThatThrownBy(() -> await(log.append(List.of(TextFrames.of(0, "late")))))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(WriteUnavailable.class);
    assertThat(replay().texts()).hasSize(200).doesNotContain("late");
  }

  @Test
  void healthTellsWhatIsKept() throws Exception {
    try (IngestLog log = open()) {
      log.start(none(), new Received());
      await(log.append(List.of(TextFrames.of(0, "row"))));
      assertThat(log.health().writable()).isTrue();
      assertThat(log.health().reason()).isEmpty();
      assertThat(log.health().appendedBytes()).isPositive();
      assertThat(log.health().keptBytes()).isPositive();
    }
  }
}
