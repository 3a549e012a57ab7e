// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An entry as the server answers it.
 *
 * @param stream the labels of its stream
 * @param metadata its structured metadata, and what a query parsed
 */
record LogLine(long timeNs, Map<String, String> stream, Map<String, String> metadata, String line) {

  /** The entries in an answer's {@code result}, or in a tail's {@code streams}. */
  static List<LogLine> of(@Nullable Object streams) {
    List<LogLine> lines = new ArrayList<>();
    if (!(streams instanceof List<?> list)) {
      return lines;
    }
    for (Object each : list) {
      if (!(each instanceof Map<?, ?> stream)
          || !(stream.get("values") instanceof List<?> values)) {
        continue;
      }
      Map<String, String> labels = texts(stream.get("stream"));
      for (Object value : values) {
        if (value instanceof List<?> entry && entry.size() >= 2) {
          Map<String, String> more = new TreeMap<>();
          if (entry.size() > 2 && entry.get(2) instanceof Map<?, ?> categories) {
            more.putAll(texts(categories.get("structuredMetadata")));
            more.putAll(texts(categories.get("parsed")));
          }
          lines.add(
              new LogLine(
                  new BigInteger(String.valueOf(entry.get(0))).longValueExact(),
                  labels,
                  more,
                  String.valueOf(entry.get(1))));
        }
      }
    }
    return lines;
  }

  private static Map<String, String> texts(@Nullable Object object) {
    Map<String, String> texts = new TreeMap<>();
    if (object instanceof Map<?, ?> map) {
      map.forEach((name, value) -> texts.put(String.valueOf(name), String.valueOf(value)));
    }
    return texts;
  }

  Instant time() {
    return Instant.ofEpochSecond(
        Math.floorDiv(timeNs, 1_000_000_000L), Math.floorMod(timeNs, 1_000_000_000L));
  }

  /** The stream as a selector. */
  String selector() {
    StringBuilder text = new StringBuilder("{");
    stream.forEach((name, value) ->
        text.append(text.length() > 1 ? ", " : "")
            .append(name)
            .append("=\"")
            .append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
            .append('"'));
    return text.append('}').toString();
  }
}
