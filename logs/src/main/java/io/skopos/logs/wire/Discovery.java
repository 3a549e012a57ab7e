// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import io.skopos.logs.LogsConfig;
import io.skopos.model.CanonicalLength;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is found out about entries as they come in, by one configuration: the {@code service_name}
 * of a stream and the {@code detected_level} of an entry. Thread-safe.
 */
public final class Discovery {

  public static final String SERVICE_NAME = "service_name";
  public static final String DETECTED_LEVEL = "detected_level";
  public static final String UNKNOWN_SERVICE = "unknown_service";

  private static final byte[] LEVEL = DETECTED_LEVEL.getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SEVERITY = "severity_number".getBytes(StandardCharsets.US_ASCII);

  private final LogsConfig config;
  private final LineLevel lines;

  public Discovery(LogsConfig config) {
    this.config = config;
    this.lines = new LineLevel(config.levelFields());
  }

  public LogsConfig config() {
    return config;
  }

  /** The stream's labels with a {@code service_name}, when there is to be one. */
  public Labels withServiceName(Labels stream) {
    if (config.discoverServiceName().isEmpty() || stream.has(SERVICE_NAME)) {
      return stream;
    }
    String service = UNKNOWN_SERVICE;
    for (String name : config.discoverServiceName()) {
      String value = stream.get(name);
      if (value != null) {
        service = value;
        break;
      }
    }
    return new LabelsBuilder(stream).set(SERVICE_NAME, service).build();
  }

  public boolean levels() {
    return config.discoverLevel();
  }

  /** The level that labels of a stream tell of; null when they tell of none. */
  public @Nullable String levelOf(Labels labels) {
    byte[] bytes = labels.canonicalBytes();
    return level(bytes, bytes.length, null, false);
  }

  /**
   * The level by a {@code detected_level} that was sent, the stream's labels, or the metadata.
   *
   * @param metadata canonical bytes of labels
   * @param stream what the stream's labels tell
   */
  @Nullable String told(byte[] metadata, int length, @Nullable String stream) {
    return level(metadata, length, stream, true);
  }

  private @Nullable String level(
      byte[] bytes, int length, @Nullable String stream, boolean metadata) {
    int best = Integer.MAX_VALUE;
    String told = null;
    String severity = null;
    int at = 0;
    while (at < length) {
      int nameLength = CanonicalLength.read(bytes, at);
      int name = at + CanonicalLength.bytes(nameLength);
      int nameEnd = name + nameLength;
      int valueLength = CanonicalLength.read(bytes, nameEnd);
      int value = nameEnd + CanonicalLength.bytes(valueLength);
      at = value + valueLength;
      if (metadata && is(LEVEL, bytes, name, nameEnd)) {
        return word(text(bytes, value, at));
      }
      if (metadata && is(SEVERITY, bytes, name, nameEnd)) {
        severity = text(bytes, value, at);
      }
      int field = lines.field(bytes, name, nameEnd);
      if (field >= 0 && field < best) {
        best = field;
        told = text(bytes, value, at);
      }
    }
    if (stream != null) {
      return stream;
    }
    return told != null
        ? word(told)
        : severity != null ? Level.ofSeverityNumber(severity).word() : null;
  }

  private static String word(String level) {
    Level known = Level.of(level);
    return known == null ? level : known.word();
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  private static boolean is(byte[] wanted, byte[] bytes, int from, int to) {
    return to - from == wanted.length && Arrays.equals(bytes, from, to, wanted, 0, wanted.length);
  }

  public Level levelOfLine(byte[] line, int from, int to) {
    return lines.of(line, from, to);
  }
}
