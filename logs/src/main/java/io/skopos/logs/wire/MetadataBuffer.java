// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import io.skopos.model.CanonicalLength;
import io.skopos.model.Labels;
import io.skopos.web.wire.LabelBuffer;
import io.skopos.web.wire.Utf8Check;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Structured metadata of one entry, put together from several places. Names become those that LogQL
 * can name: other characters than letters, digits and underscores are underscores. A value may be
 * empty. Not thread-safe.
 */
public final class MetadataBuffer {

  private static final int SENT = 2;
  private static final int FOUND = 3;
  private static final byte[] KEY = {'k', 'e', 'y', '_'};
  private static final byte[] LEVEL = Discovery.DETECTED_LEVEL.getBytes(StandardCharsets.US_ASCII);
  private static final Map<Level, Labels> LEVEL_ONLY = new EnumMap<>(Level.class);

  static {
    for (Level level : Level.values()) {
      LEVEL_ONLY.put(level, Labels.of(Discovery.DETECTED_LEVEL, level.word()));
    }
  }

  private final LabelBuffer labels = new LabelBuffer(true);

  /** Metadata of an entry that has nothing but its level. */
  public static Labels levelOnly(Level level) {
    return LEVEL_ONLY.getOrDefault(level, Labels.EMPTY);
  }

  public void clear() {
    labels.clear();
  }

  /** What {@link #rewind} goes back to. */
  public long mark() {
    return labels.mark();
  }

  public void rewind(long mark) {
    labels.rewind(mark);
  }

  public void add(byte[] name, byte[] value) {
    begin();
    name(name, 0, name.length);
    labels.value();
    labels.append(value);
    labels.end();
  }

  /** All of them as they are. */
  public void addAll(Labels sent) {
    byte[] bytes = sent.canonicalBytes();
    int at = 0;
    while (at < bytes.length) {
      int nameLength = CanonicalLength.read(bytes, at);
      int name = at + CanonicalLength.bytes(nameLength);
      int valueLength = CanonicalLength.read(bytes, name + nameLength);
      int value = name + nameLength + CanonicalLength.bytes(valueLength);
      labels.begin(SENT);
      labels.append(bytes, name, nameLength);
      labels.value();
      labels.append(bytes, value, valueLength);
      labels.end();
      at = value + valueLength;
    }
  }

  public void add(String name, String value) {
    add(name.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
  }

  void add(byte[] bytes, int nameFrom, int nameTo, int valueFrom, int valueTo) {
    begin();
    name(bytes, nameFrom, nameTo);
    labels.value();
    if (Utf8Check.isValid(bytes, valueFrom, valueTo - valueFrom)) {
      labels.append(bytes, valueFrom, valueTo - valueFrom);
    } else {
      labels.append(
          new String(bytes, valueFrom, valueTo - valueFrom, StandardCharsets.UTF_8)
              .getBytes(StandardCharsets.UTF_8));
    }
    labels.end();
  }

  /** Sets the level over what was sent. */
  public void level(String level) {
    labels.add(FOUND, LEVEL, level.getBytes(StandardCharsets.UTF_8));
  }

  /** Begins one whose name and value are appended piece by piece. */
  public void begin() {
    labels.begin(SENT);
  }

  /** A name, or a part of it. */
  public void name(byte[] bytes, int from, int to) {
    if (from < to && bytes[from] >= '0' && bytes[from] <= '9') {
      labels.append(KEY);
    }
    nameWithin(bytes, from, to);
  }

  /** The rest of a name that has begun. */
  public void nameWithin(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      byte b = bytes[at];
      boolean kept =
          b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_';
      // Of a character of several bytes one underscore is left.
      if (kept || b >= 0 || (b & 0xc0) == 0xc0) {
        labels.append(kept ? b : (byte) '_');
      }
    }
  }

  /** The name is complete; its value is appended next, to what this returns. */
  public LabelBuffer value() {
    labels.value();
    return labels;
  }

  public void end() {
    labels.end();
  }

  /**
   * The level that they tell of, by a {@code detected_level}, the stream's labels, a field of that
   * name or a severity number; null when they tell of none.
   *
   * @param stream what the stream's labels tell
   */
  public @Nullable String told(@Nullable String stream, Discovery discovery) {
    return labels.canonicalize(false) == null
        ? discovery.told(labels.canonical(), labels.canonicalLength(), stream)
        : stream;
  }

  /** Null when the labels are no labels: a name is empty or there are too many. */
  public @Nullable Labels build() {
    if (labels.canonicalize(false) != null) {
      return null;
    }
    return Labels.ofCanonicalBytes(Arrays.copyOf(labels.canonical(), labels.canonicalLength()));
  }
}
