// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.log;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Frame;
import io.skopos.storage.Positions;
import io.skopos.storage.RepeatedBytes;
import io.skopos.storage.log.LogConsumer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Frames whose payload is a text, and a consumer that remembers what it was handed. */
public final class TextFrames {

  private TextFrames() {}

  public static Frame of(int shard, String text) {
    return frame(shard, text.getBytes(StandardCharsets.UTF_8), List.of());
  }

  /** Some of the stretches, with other text between them, or none. */
  public static Frame of(int shard, Random random, List<RepeatedBytes> stretches) {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    List<Frame.Repeated> repeated = new ArrayList<>();
    for (int piece = random.nextInt(4); piece >= 0; piece--) {
      if (random.nextBoolean()) {
        payload.writeBytes(
            ("row " + random.nextInt())
                .repeat(1 + random.nextInt(20))
                .getBytes(StandardCharsets.UTF_8));
      }
      if (random.nextBoolean()) {
        RepeatedBytes stretch = stretches.get(random.nextInt(stretches.size()));
        repeated.add(new Frame.Repeated(payload.size(), stretch));
        payload.writeBytes(stretch.bytes());
      }
    }
    return frame(shard, payload.toByteArray(), repeated);
  }

  private static Frame frame(int shard, byte[] payload, List<Frame.Repeated> repeated) {
    return new Frame(
        TenantId.ANONYMOUS,
        Signal.METRICS,
        Frame.Kind.ROWS,
        shard,
        1,
        1_000,
        2_000,
        payload,
        payload.length,
        null,
        repeated);
  }

  public static String textOf(Frame frame) {
    return new String(frame.payload(), 0, frame.payloadLength(), StandardCharsets.UTF_8);
  }

  /** One frame handed over. */
  public record Row(int shard, long position, String text) {}

  /** Thread-safe. */
  public static final class Received implements LogConsumer {

    private final List<Row> rows = new ArrayList<>();
    private final List<List<Row>> appends = new ArrayList<>();

    @Override
    public synchronized void accept(List<Frame> frames, Positions positions) {
      List<Row> append = new ArrayList<>();
      for (int i = 0; i < frames.size(); i++) {
        append.add(new Row(positions.shard(i), positions.position(i), textOf(frames.get(i))));
      }
      rows.addAll(append);
      appends.add(append);
    }

    public synchronized List<Row> rows() {
      return List.copyOf(rows);
    }

    public synchronized List<List<Row>> appends() {
      return List.copyOf(appends);
    }

    public synchronized List<String> texts() {
      return rows.stream().map(Row::text).toList();
    }

    public synchronized List<String> texts(int shard) {
      return rows.stream().filter(row -> row.shard() == shard).map(Row::text).toList();
    }
  }
}
