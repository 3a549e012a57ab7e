// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.model.Label;
import io.skopos.model.Labels;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Changes label sets that may have empty values, which a builder of label sets would drop. */
final class LabelBytes {

  private LabelBytes() {}

  /** The same labels, but one, which an empty value takes away. */
  static Labels with(Labels labels, String name, String value) {
    Map<byte[], byte[]> values = new TreeMap<>(Arrays::compareUnsigned);
    for (Label label : labels) {
      values.put(utf8(label.name()), utf8(label.value()));
    }
    if (value.isEmpty()) {
      values.remove(utf8(name));
    } else {
      values.put(utf8(name), utf8(value));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    values.forEach((key, text) -> {
      write(out, key);
      write(out, text);
    });
    return Labels.ofCanonicalBytes(out.toByteArray());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
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
