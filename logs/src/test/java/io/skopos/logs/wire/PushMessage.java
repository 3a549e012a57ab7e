// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes Loki's push message with an independent encoder. */
public final class PushMessage {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** One stream. */
  public static final class Stream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public Stream labels(String labels) {
      return field(bytes, 1, labels.getBytes(StandardCharsets.UTF_8), this);
    }

    public Stream entry(long timeNs, byte[] line, String... metadata) {
      ByteArrayOutputStream entry = new ByteArrayOutputStream();
      ByteArrayOutputStream time = new ByteArrayOutputStream();
      write(
          time,
          out -> {
            out.writeInt64(1, Math.floorDiv(timeNs, 1_000_000_000L));
            out.writeInt32(2, (int) Math.floorMod(timeNs, 1_000_000_000L));
          });
      field(entry, 1, time.toByteArray(), this);
      field(entry, 2, line, this);
      for (int i = 0; i < metadata.length; i += 2) {
        String name = metadata[i];
        String value = metadata[i + 1];
        ByteArrayOutputStream pair = new ByteArrayOutputStream();
        write(
            pair,
            out -> {
              out.writeString(1, name);
              out.writeString(2, value);
            });
        field(entry, 3, pair.toByteArray(), this);
      }
      return field(bytes, 2, entry.toByteArray(), this);
    }

    public Stream entry(long timeNs, String line, String... metadata) {
      return entry(timeNs, line.getBytes(StandardCharsets.UTF_8), metadata);
    }
  }

  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private static void write(ByteArrayOutputStream into, Fields fields) {
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(into);
      fields.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T field(ByteArrayOutputStream into, int number, byte[] value, T self) {
    write(into, out -> out.writeBytes(number, ByteString.copyFrom(value)));
    return self;
  }

  public PushMessage stream(Stream stream) {
    return field(bytes, 1, stream.bytes.toByteArray(), this);
  }

  public byte[] bytes() {
    return bytes.toByteArray();
  }
}
