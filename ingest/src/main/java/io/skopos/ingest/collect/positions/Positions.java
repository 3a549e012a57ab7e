// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.positions;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.skopos.ingest.json.JsonValue;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.DiskReader;
import io.skopos.storage.disk.DiskWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A durable map from keys to small JSON objects, in one file of lines {@code <crc32c> {"k": key,
 * "v": value}}. A change appends lines and syncs; the last line of a key counts, one without a
 * value removes it. When most lines are outdated the file is written anew beside it and renamed. A
 * torn end and damaged lines are left out. Thread-safe.
 */
public final class Positions implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Positions.class);

  private static final String NAME = "positions";
  private static final int SLACK_BYTES = 1 << 20;
  private static final int CRC_LENGTH = 8;
  private static final JsonFactory JSON = new JsonFactory();

  private final Disk disk;
  private final Path directory;
  private final Path file;
  private final Map<String, JsonValue> values = new LinkedHashMap<>();
  private @Nullable DiskWriter writer;
  private long liveBytes;

  private Positions(Disk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
    this.file = directory.resolve(NAME);
  }

  /**
   * @param directory created when missing
   */
  public static Positions open(Disk disk, Path directory) throws IOException {
    Positions positions = new Positions(disk, directory);
    disk.createDurably(directory);
    positions.read();
    positions.rewrite();
    return positions;
  }

  private void read() throws IOException {
    if (!disk.exists(file)) {
      return;
    }
    byte[] bytes;
    try (DiskReader reader = disk.open(file)) {
      bytes = new byte[Math.toIntExact(reader.length())];
      reader.readFully(0, ByteBuffer.wrap(bytes));
    }
    int damaged = 0;
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        damaged += take(bytes, from, i) ? 0 : 1;
        from = i + 1;
      }
    }
    if (damaged > 0) {
      log.warn("{} lines of {} are damaged; what they name may be read again", damaged, file);
    }
  }

  private boolean take(byte[] bytes, int from, int to) {
    if (to - from <= CRC_LENGTH) {
      return false;
    }
    String crc = new String(bytes, from, CRC_LENGTH, StandardCharsets.ISO_8859_1);
    if (!crc.equals(crc(bytes, from + CRC_LENGTH + 1, to))) {
      return false;
    }
    try {
      JsonValue line =
          JsonValue.parse(
              new String(
                  bytes,
                  from + CRC_LENGTH + 1,
                  to - from - CRC_LENGTH - 1,
                  StandardCharsets.UTF_8));
      if (line.get("v").isMissing()) {
        values.remove(line.get("k").text());
      } else {
        values.put(line.get("k").text(), line.get("v"));
      }
      return true;
    } catch (JsonValue.Malformed e) {
      return false;
    }
  }

  private static String crc(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, Math.max(0, to - from));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  private static byte[] line(String key, @Nullable JsonValue value) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("k", key);
      if (value != null) {
        json.writeFieldName("v");
        json.writeRawValue(value.json());
      }
      json.writeEndObject();
    }
    byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
    byte[] head = (crc(body, 0, body.length) + " ").getBytes(StandardCharsets.ISO_8859_1);
    byte[] line = new byte[head.length + body.length + 1];
    System.arraycopy(head, 0, line, 0, head.length);
    System.arraycopy(body, 0, line, head.length, body.length);
    line[line.length - 1] = '\n';
    return line;
  }

  /** A snapshot of all. */
  public synchronized Map<String, JsonValue> all() {
    return new LinkedHashMap<>(values);
  }

  public synchronized @Nullable JsonValue get(String key) {
    return values.get(key);
  }

  /**
   * Durable when it returns. When it fails, the changes may or may not be there after a crash.
   *
   * @param changes in their order; a null removes the key
   */
  public synchronized void put(Map<String, @Nullable JsonValue> changes) throws IOException {
    ByteBuffer[] lines = new ByteBuffer[changes.size()];
    int count = 0;
    long added = 0;
    for (Map.Entry<String, @Nullable JsonValue> change : changes.entrySet()) {
      JsonValue value = change.getValue();
      byte[] line = line(change.getKey(), value);
      lines[count++] = ByteBuffer.wrap(line);
      added += line.length;
      if (value == null) {
        values.remove(change.getKey());
      } else {
        values.put(change.getKey(), value);
      }
    }
    DiskWriter open = writer;
    if (open == null || open.length() + added > 4 * liveBytes + SLACK_BYTES) {
      rewrite();
      return;
    }
    try {
      open.write(lines);
      open.sync();
    } catch (IOException e) {
      // What stands at the end is unknown now: the next change writes the file anew.
      close();
      throw e;
    }
  }

  private void rewrite() throws IOException {
    close();
    Path fresh = directory.resolve(NAME + ".new");
    disk.delete(fresh);
    DiskWriter open = disk.create(fresh);
    try {
      for (Map.Entry<String, JsonValue> value : values.entrySet()) {
        open.write(ByteBuffer.wrap(line(value.getKey(), value.getValue())));
      }
      open.sync();
      disk.rename(fresh, file);
      disk.syncDirectory(directory);
    } catch (IOException | RuntimeException e) {
      open.close();
      throw e;
    }
    liveBytes = open.length();
    writer = open;
  }

  @Override
  public synchronized void close() throws IOException {
    DiskWriter open = writer;
    writer = null;
    if (open != null) {
      open.close();
    }
  }
}
