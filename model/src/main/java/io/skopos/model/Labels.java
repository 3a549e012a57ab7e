// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A label set: names are unique and ascend in byte order, no value is empty.
 *
 * <p>It is its canonical bytes, {@code (varint length, name, varint length, value)*} in UTF-8 with
 * unsigned LEB128 lengths; the same bytes stand in frames, heads and parts, so that a series is
 * looked up, compared and logged without making strings.
 */
public final class Labels implements Comparable<Labels>, Iterable<Label> {

  public static final Labels EMPTY = new Labels(new byte[0]);

  private final byte[] bytes;
  private int hash;

  private Labels(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Takes over canonical bytes without copying or checking them; callers have produced them with
   * {@link LabelsBuilder} or read them from a checksummed page. The array must not change
   * afterwards.
   */
  public static Labels ofCanonicalBytes(byte[] canonical) {
    return canonical.length == 0 ? EMPTY : new Labels(canonical);
  }

  /** Names and values in turn, in any order. */
  public static Labels of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("names and values must come in pairs");
    }
    LabelsBuilder builder = new LabelsBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      builder.set(namesAndValues[i], namesAndValues[i + 1]);
    }
    return builder.build();
  }

  public static Labels of(Map<String, String> labels) {
    LabelsBuilder builder = new LabelsBuilder();
    labels.forEach(builder::set);
    return builder.build();
  }

  /** The canonical bytes themselves, not a copy: read only. */
  public byte[] canonicalBytes() {
    return bytes;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  public int size() {
    int count = 0;
    for (int position = 0; position < bytes.length; count++) {
      position = skip(skip(position));
    }
    return count;
  }

  /** The value of {@code name}, or null when there is none. */
  public @Nullable String get(String name) {
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    int position = 0;
    while (position < bytes.length) {
      int nameLength = varint(position);
      int nameStart = position + varintSize(nameLength);
      int valueAt = nameStart + nameLength;
      if (Arrays.equals(bytes, nameStart, valueAt, wanted, 0, wanted.length)) {
        int valueLength = varint(valueAt);
        int valueStart = valueAt + varintSize(valueLength);
        return new String(bytes, valueStart, valueLength, StandardCharsets.UTF_8);
      }
      position = skip(valueAt);
    }
    return null;
  }

  /**
   * The value of {@code name}, or the empty string, which matchers cannot tell from a missing
   * label.
   */
  public String getOrEmpty(String name) {
    String value = get(name);
    return value == null ? "" : value;
  }

  public boolean has(String name) {
    return get(name) != null;
  }

  /** The labels named, no others. */
  public Labels keep(Collection<String> names) {
    return filter(names, true);
  }

  /** All labels but those named. */
  public Labels drop(Collection<String> names) {
    return filter(names, false);
  }

  public Labels dropMetricName() {
    return drop(List.of(Label.METRIC_NAME));
  }

  private Labels filter(Collection<String> names, boolean keepNamed) {
    LabelsBuilder builder = new LabelsBuilder();
    boolean changed = false;
    for (Label label : this) {
      if (names.contains(label.name()) == keepNamed) {
        builder.set(label.name(), label.value());
      } else {
        changed = true;
      }
    }
    return changed ? builder.build() : this;
  }

  public List<Label> toList() {
    List<Label> list = new ArrayList<>();
    for (Label label : this) {
      list.add(label);
    }
    return list;
  }

  public Map<String, String> toMap() {
    Map<String, String> map = new TreeMap<>();
    for (Label label : this) {
      map.put(label.name(), label.value());
    }
    return map;
  }

  @Override
  public Iterator<Label> iterator() {
    return new Iterator<>() {
      private int position;

      @Override
      public boolean hasNext() {
        return position < bytes.length;
      }

      @Override
      public Label next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        String name = stringAt(position);
        position = skip(position);
        String value = stringAt(position);
        position = skip(position);
        return new Label(name, value);
      }
    };
  }

  /**
   * By name, then value, pair after pair, in byte order; a prefix comes first. As Prometheus sorts.
   */
  @Override
  public int compareTo(Labels other) {
    int left = 0;
    int right = 0;
    while (left < bytes.length && right < other.bytes.length) {
      for (int part = 0; part < 2; part++) {
        int leftLength = varint(left);
        int leftStart = left + varintSize(leftLength);
        int rightLength = other.varint(right);
        int rightStart = right + varintSize(rightLength);
        int order =
            Arrays.compareUnsigned(
                bytes,
                leftStart,
                leftStart + leftLength,
                other.bytes,
                rightStart,
                rightStart + rightLength);
        if (order != 0) {
          return order;
        }
        left = leftStart + leftLength;
        right = rightStart + rightLength;
      }
    }
    return Integer.compare(bytes.length - left, other.bytes.length - right);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Labels labels && Arrays.equals(bytes, labels.bytes);
  }

  @Override
  public int hashCode() {
    int h = hash;
    if (h == 0) {
      h = Arrays.hashCode(bytes);
      hash = h;
    }
    return h;
  }

  /** As Prometheus prints it without the metric's name in front: {@code {a="b", c="d"}}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (Label label : this) {
      if (text.length() > 1) {
        text.append(", ");
      }
      text.append(label.name()).append("=\"");
      text.append(label.value().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
      text.append('"');
    }
    return text.append('}').toString();
  }

  private String stringAt(int position) {
    int length = varint(position);
    return new String(bytes, position + varintSize(length), length, StandardCharsets.UTF_8);
  }

  private int skip(int position) {
    int length = varint(position);
    return position + varintSize(length) + length;
  }

  private int varint(int position) {
    int value = bytes[position] & 0x7f;
    int shift = 7;
    while (bytes[position] < 0) {
      position++;
      value |= (bytes[position] & 0x7f) << shift;
      shift += 7;
    }
    return value;
  }

  static int varintSize(int value) {
    int size = 1;
    while ((value & ~0x7f) != 0) {
      value >>>= 7;
      size++;
    }
    return size;
  }
}
