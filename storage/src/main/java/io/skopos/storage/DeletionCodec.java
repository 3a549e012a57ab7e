// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A deletion as the payload of a frame (docs/formats/ingest-log.md). */
public final class DeletionCodec {

  private static final int VERSION = 1;
  private static final int VERSION_WITH_SPARED = 2;

  private DeletionCodec() {}

  /** One frame per shard, so that every shard hides its own rows at its own position. */
  public static List<Frame> frames(
      TenantId tenant, Signal signal, Deletion deletion, int shardCount) {
    byte[] payload = encode(deletion);
    List<Frame> frames = new ArrayList<>(shardCount);
    for (int shard = 0; shard < shardCount; shard++) {
      frames.add(
          new Frame(
              tenant,
              signal,
              Frame.Kind.DELETION,
              shard,
              0,
              deletion.range().fromMs(),
              deletion.range().toMs(),
              payload,
              payload.length,
              deletion));
    }
    return frames;
  }

  /** The deletion of a frame of kind DELETION. */
  public static Deletion deletionOf(Frame frame) throws IOException {
    if (frame.decoded() instanceof Deletion deletion) {
      return deletion;
    }
    try {
      return decode(new ByteReader(frame.payload(), 0, frame.payloadLength()));
    } catch (DamagedBytes | IllegalArgumentException e) {
      throw new IOException("a deletion in the log cannot be read: " + e.getMessage(), e);
    }
  }

  private static byte[] encode(Deletion deletion) {
    ByteWriter writer = new ByteWriter(128);
    writer.int8(deletion.spared().isEmpty() ? VERSION : VERSION_WITH_SPARED);
    writer.int64(deletion.range().fromMs());
    writer.int64(deletion.range().toMs());
    encode(deletion.matchers(), writer);
    if (!deletion.spared().isEmpty()) {
      writer.varint(deletion.spared().size());
      deletion.spared().forEach(matchers -> encode(matchers, writer));
    }
    return writer.toByteArray();
  }

  private static void encode(List<Matcher> matchers, ByteWriter writer) {
    writer.varint(matchers.size());
    for (Matcher matcher : matchers) {
      writer.int8(codeOf(matcher.type()));
      put(writer, matcher.name());
      put(writer, matcher.value());
    }
  }

  private static void put(ByteWriter writer, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    writer.sized(bytes, 0, bytes.length);
  }

  private static Deletion decode(ByteReader reader) {
    int version = reader.uint8();
    if (version != VERSION && version != VERSION_WITH_SPARED) {
      throw new DamagedBytes("version " + version + " of a deletion is unknown here");
    }
    long fromMs = reader.int64();
    long toMs = reader.int64();
    List<Matcher> matchers = matchers(reader);
    List<List<Matcher>> spared = new ArrayList<>();
    if (version == VERSION_WITH_SPARED) {
      int count = reader.count(reader.remaining(), "spared selectors");
      for (int i = 0; i < count; i++) {
        spared.add(matchers(reader));
      }
    }
    return new Deletion(matchers, spared, new TimeRange(fromMs, toMs));
  }

  private static List<Matcher> matchers(ByteReader reader) {
    int count = reader.count(reader.remaining(), "matchers");
    List<Matcher> matchers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Matcher.Type type = typeOf(reader.uint8());
      String name = new String(reader.sized(), StandardCharsets.UTF_8);
      matchers.add(new Matcher(type, name, new String(reader.sized(), StandardCharsets.UTF_8)));
    }
    return matchers;
  }

  /** Stored on disk: never reuse one. */
  private static int codeOf(Matcher.Type type) {
    return switch (type) {
      case EQUAL -> 1;
      case NOT_EQUAL -> 2;
      case REGEX -> 3;
      case NOT_REGEX -> 4;
    };
  }

  private static Matcher.Type typeOf(int code) {
    for (Matcher.Type type : Matcher.Type.values()) {
      if (codeOf(type) == code) {
        return type;
      }
    }
    throw new DamagedBytes("no matcher has code " + code);
  }
}
