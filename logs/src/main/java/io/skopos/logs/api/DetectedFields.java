// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.skopos.logs.language.LogEntry;
import io.skopos.logs.language.pipeline.text.LogfmtText;
import io.skopos.logs.wire.JsonEntry;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.config.ByteSize;
import io.skopos.model.config.PrometheusDuration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The fields of some entries. Not thread-safe. */
final class DetectedFields {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_FIELDS = 5000;
  private static final int MAX_DEPTH = 20;

  private final Map<String, Field> byName = new TreeMap<>();
  private final LogfmtText logfmt = new LogfmtText();

  /** What all values of a field look like. */
  enum Type {
    INT,
    FLOAT,
    BOOLEAN,
    DURATION,
    BYTES,
    STRING;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Type of(String value) {
      if (value.matches("[+-]?[0-9]{1,18}")) {
        return INT;
      }
      if (value.matches("[+-]?([0-9]{1,40}\\.?[0-9]{0,40}|\\.[0-9]{1,40})([eE][+-]?[0-9]{1,3})?")) {
        return FLOAT;
      }
      if (value.matches("(?i)true|false")) {
        return BOOLEAN;
      }
      if (value.matches("([0-9]{1,12}(\\.[0-9]{1,12})?(ns|us|µs|ms|s|m|h)){1,7}")
          || isRead(value, PrometheusDuration::parse)) {
        return DURATION;
      }
      return value.matches("[0-9.]{1,20} ?[kKmMgGtTpP]?i?[bB]") && isRead(value, ByteSize::parse)
          ? BYTES
          : STRING;
    }

    private interface Reader {
      Object read(String text);
    }

    private static boolean isRead(String text, Reader reader) {
      if (text.length() > 30 || text.isEmpty() || !Character.isDigit(text.charAt(0))) {
        return false;
      }
      try {
        return reader.read(text) != null;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
  }

  /** One field. */
  static final class Field {
    private final String name;
    private final Set<String> values = new TreeSet<>();
    private final Set<String> parsers = new TreeSet<>();
    private List<String> path = List.of();
    private @Nullable Type type;

    Field(String name) {
      this.name = name;
    }

    String name() {
      return name;
    }

    Set<String> values() {
      return values;
    }

    /** Empty for structured metadata. */
    Set<String> parsers() {
      return parsers;
    }

    /** Where it stands in JSON; empty when it does not. */
    List<String> path() {
      return path;
    }

    Type type() {
      return type == null ? Type.STRING : type;
    }

    private void add(String value) {
      if (values.add(value)) {
        Type found = Type.of(value);
        boolean numbers =
            type != found
                && (type == Type.INT || type == Type.FLOAT)
                && (found == Type.INT || found == Type.FLOAT);
        type = type == null || type == found ? found : numbers ? Type.FLOAT : Type.STRING;
      }
    }
  }

  Map<String, Field> byName() {
    return byName;
  }

  void add(LogEntry entry) {
    LogEntry.EntryLabels labels = entry.labels();
    all(labels.metadata(), "");
    if (!labels.parsed().isEmpty()) {
      String line = entry.line().strip();
      all(labels.parsed(), line.startsWith("{") ? "json" : "logfmt");
      return;
    }
    byte[] line = entry.line().getBytes(StandardCharsets.UTF_8);
    if (!json(line, labels.stream())) {
      logfmt(line, labels.stream());
    }
  }

  private void all(Labels labels, String parser) {
    for (Label label : labels) {
      if (!label.name().startsWith("__")) {
        field(label.name(), label.value(), parser, List.of());
      }
    }
  }

  private void field(String name, String value, String parser, List<String> path) {
    Field field = byName.get(name);
    if (field == null) {
      if (byName.size() >= MAX_FIELDS) {
        return;
      }
      field = new Field(name);
      byName.put(name, field);
    }
    field.add(value);
    if (!parser.isEmpty()) {
      field.parsers.add(parser);
    }
    if (field.path.isEmpty()) {
      field.path = path;
    }
  }

  private static String free(String name, Labels stream) {
    return stream.has(name) ? name + "_extracted" : name;
  }

  private record Found(String name, String value, List<String> path) {}

  private boolean json(byte[] line, Labels stream) {
    List<Found> found = new ArrayList<>();
    try (JsonParser in = JSON.createParser(line)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      object(in, "", List.of(), 0, found);
    } catch (IOException e) {
      return false;
    }
    found.forEach(each -> field(free(each.name, stream), each.value, "json", each.path));
    return true;
  }

  private static void object(
      JsonParser in, String prefix, List<String> path, int depth, List<Found> found)
      throws IOException {
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String key = in.currentName();
      String name = prefix + JsonEntry.labelName(key);
      List<String> inner = new ArrayList<>(path);
      inner.add(key);
      switch (in.nextToken()) {
        case START_OBJECT -> {
          if (depth < MAX_DEPTH) {
            object(in, name + "_", inner, depth + 1, found);
          } else {
            in.skipChildren();
          }
        }
        case START_ARRAY -> in.skipChildren();
        case VALUE_NULL -> {}
        default -> found.add(new Found(name, in.getText(), inner));
      }
    }
  }

  private void logfmt(byte[] line, Labels stream) {
    logfmt.reset(line, 0, line.length);
    while (!logfmt.atEnd()) {
      if (!logfmt.next()) {
        continue;
      }
      String key = new String(line, logfmt.keyFrom, logfmt.keyLength, StandardCharsets.UTF_8);
      String value =
          new String(logfmt.value, logfmt.valueFrom, logfmt.valueLength, StandardCharsets.UTF_8);
      if (!value.isEmpty()) {
        field(free(JsonEntry.labelName(key), stream), value, "logfmt", List.of());
      }
    }
  }
}
