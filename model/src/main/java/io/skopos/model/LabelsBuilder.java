// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link Labels} from strings. Setting a name again replaces its value; an empty one removes
 * it.
 */
public final class LabelsBuilder {

  // Java orders strings by UTF-16 unit, which differs from byte order above U+FFFF.
  private final TreeMap<byte[], byte[]> labels = new TreeMap<>(Arrays::compareUnsigned);

  public LabelsBuilder() {}

  public LabelsBuilder(Labels start) {
    for (Label label : start) {
      set(label.name(), label.value());
    }
  }

  public LabelsBuilder set(String name, String value) {
    byte[] key = name.getBytes(StandardCharsets.UTF_8);
    if (value.isEmpty()) {
      labels.remove(key);
    } else {
      labels.put(key, value.getBytes(StandardCharsets.UTF_8));
    }
    return this;
  }

  public LabelsBuilder remove(String name) {
    labels.remove(name.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  public @Nullable String get(String name) {
    byte[] value = labels.get(name.getBytes(StandardCharsets.UTF_8));
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  public Labels build() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    for (Map.Entry<byte[], byte[]> label : labels.entrySet()) {
      write(out, label.getKey());
      write(out, label.getValue());
    }
    return Labels.ofCanonicalBytes(out.toByteArray());
  }

  private static void write(ByteArrayOutputStream out, byte[] text) {
    int length = text.length;
    while ((length & ~0x7f) != 0) {
      out.write((length & 0x7f) | 0x80);
      length >>>= 7;
    }
    out.write(length);
    out.writeBytes(text);
  }
}
