// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.skopos.logs.store.LogBatch;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of JSON as one entry: one field is its time, one its line, some are labels of its
 * stream, the others structured metadata. Fields of nested objects are named with dots. An object
 * without a line's field is its own line. Not thread-safe; reuse it.
 */
public final class JsonEntry {

  private static final int MAX_DEPTH = 20;

  /** An object says nothing of streams where nobody has thought of them. */
  private static final Labels NO_STREAM =
      Labels.of(Discovery.SERVICE_NAME, Discovery.UNKNOWN_SERVICE);

  private final Mapping mapping;
  private final Discovery discovery;
  private final Map<String, String> fields = new LinkedHashMap<>();
  private final MetadataBuffer metadata = new MetadataBuffer();

  /**
   * Which fields are what.
   *
   * @param time names of the field with the time, the first there is
   * @param line names of the field with the line, the first there is
   * @param stream fields that are labels of the stream
   * @param grouped whether the objects {@code stream} and {@code labels} hold labels of the stream,
   *     and {@code metadata} structured metadata
   * @param ignored fields that are dropped; one with {@code *} at its end means all that begin so
   * @param extra labels of every stream
   */
  public record Mapping(
      List<String> time,
      List<String> line,
      List<String> stream,
      boolean grouped,
      List<String> ignored,
      Map<String, String> extra) {
    public Mapping {
      time = List.copyOf(time);
      line = List.copyOf(line);
      stream = List.copyOf(stream);
      ignored = List.copyOf(ignored);
      extra = Map.copyOf(extra);
    }
  }

  public JsonEntry(Mapping mapping, Discovery discovery) {
    this.mapping = mapping;
    this.discovery = discovery;
  }

  /**
   * Adds the entry at the given place.
   *
   * @param more labels of this stream beside what the object says
   * @return null, or why it cannot be kept
   */
  public @Nullable String read(
      byte[] bytes, int from, int to, Map<String, String> more, long nowNs, LogBatch into) {
    fields.clear();
    LabelsBuilder labels = new LabelsBuilder();
    mapping.extra().forEach(labels::set);
    more.forEach(labels::set);
    metadata.clear();
    try (JsonParser in = JsonPushDecoder.JSON.createParser(bytes, from, to - from)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return "it is not an object";
      }
      String problem = object(in, "", 0, labels);
      if (problem != null) {
        return problem;
      }
      if (in.nextToken() != null) {
        return "something follows the object";
      }
    } catch (JsonProcessingException e) {
      return "it is no JSON: " + e.getOriginalMessage();
    } catch (IOException e) {
      return "it is no JSON: " + e.getMessage();
    }
    long timeNs = nowNs;
    String timeText = take(mapping.time());
    if (timeText != null) {
      Long parsed = time(timeText);
      if (parsed == null) {
        return "'" + timeText + "' is no time";
      }
      timeNs = parsed;
    }
    String line = take(mapping.line());
    for (String name : mapping.stream()) {
      String value = fields.remove(name);
      if (value != null) {
        labels.set(labelName(name), value);
      }
    }
    byte[] lineBytes;
    if (line == null) {
      lineBytes = Arrays.copyOfRange(bytes, from, to);
    } else {
      lineBytes = line.getBytes(StandardCharsets.UTF_8);
      fields.forEach((name, value) -> {
        if (!isIgnored(name)) {
          metadata.add(name, value);
        }
      });
    }
    serviceFrom(labels);
    Labels found = labels.build();
    Streams.Stream stream = Streams.of(found.isEmpty() ? NO_STREAM : found, discovery);
    if (stream.problem() != null) {
      return stream.problem();
    }
    Labels sent = metadata.build();
    if (sent == null) {
      return "it has a field with an empty name, or too many fields";
    }
    into.entry(into.stream(stream.labels()), timeNs, lineBytes, 0, lineBytes.length);
    into.metadata(Levels.found(sent, stream.level(), lineBytes, 0, lineBytes.length, discovery));
    return null;
  }

  /** Fields may name the service where no label does. */
  private void serviceFrom(LabelsBuilder labels) {
    List<String> names = discovery.config().discoverServiceName();
    if (names.isEmpty() || labels.get(Discovery.SERVICE_NAME) != null) {
      return;
    }
    String service = fields.get("service.name");
    service = service == null ? fields.get(Discovery.SERVICE_NAME) : service;
    for (int i = 0; i < names.size() && service == null; i++) {
      service = labels.get(names.get(i));
      service = service == null ? fields.get(names.get(i)) : service;
    }
    if (service != null) {
      labels.set(Discovery.SERVICE_NAME, service);
    }
  }

  private @Nullable String take(List<String> names) {
    for (String name : names) {
      String value = fields.remove(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private boolean isIgnored(String name) {
    for (String ignored : mapping.ignored()) {
      if (ignored.endsWith("*")
          ? name.startsWith(ignored.substring(0, ignored.length() - 1))
          : name.equals(ignored)) {
        return true;
      }
    }
    return false;
  }

  /** A field's name as a label's. */
  public static String labelName(String field) {
    StringBuilder name = new StringBuilder(field.length());
    field
        .codePoints()
        .forEach(c ->
            name.append(c < 128 && (Character.isLetterOrDigit(c) || c == '_') ? (char) c : '_'));
    if (!name.isEmpty() && Character.isDigit(name.charAt(0))) {
      name.insert(0, "key_");
    }
    return name.toString();
  }

  private @Nullable String object(JsonParser in, String prefix, int depth, LabelsBuilder labels)
      throws IOException {
    if (depth > MAX_DEPTH) {
      return "it is nested more than " + MAX_DEPTH + " deep";
    }
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = prefix + in.currentName();
      JsonToken value = in.nextToken();
      switch (value) {
        case START_OBJECT -> {
          boolean ofLabels =
              mapping.grouped() && depth == 0 && (name.equals("stream") || name.equals("labels"));
          boolean ofMetadata = mapping.grouped() && depth == 0 && name.equals("metadata");
          String problem =
              ofLabels
                  ? pairs(in, labels)
                  : object(in, ofMetadata ? "" : name + ".", depth + 1, labels);
          if (problem != null) {
            return problem;
          }
        }
        case START_ARRAY -> fields.put(name, array(in));
        case VALUE_NULL -> {}
        default -> fields.put(name, in.getText());
      }
    }
    return null;
  }

  private static @Nullable String pairs(JsonParser in, LabelsBuilder labels) throws IOException {
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      if (!in.nextToken().isScalarValue()) {
        return "the label '" + name + "' must be a string";
      }
      labels.set(labelName(name), in.getText());
    }
    return null;
  }

  /** An array as its JSON. */
  private static String array(JsonParser in) throws IOException {
    StringWriter text = new StringWriter();
    try (var out = JsonPushDecoder.JSON.createGenerator(text)) {
      out.copyCurrentStructure(in);
    }
    return text.toString();
  }

  /**
   * Unix nanoseconds of RFC 3339 text, or of a number whose size tells its unit; null when it is
   * neither.
   */
  static @Nullable Long time(String text) {
    if (text.length() > 64) {
      return null;
    }
    try {
      if (!text.isEmpty()
          && (Character.isDigit(text.charAt(0)) || text.charAt(0) == '-')
          && text.chars()
              .allMatch(c ->
                  c >= '0' && c <= '9' || c == '.' || c == '-' || c == 'e' || c == 'E' || c == '+')
          && text.indexOf('-', 1) < 0) {
        BigDecimal number = new BigDecimal(text);
        if (Math.abs((long) number.scale()) > 40) {
          return null;
        }
        double size = Math.abs(number.doubleValue());
        int digits = size < 1e11 ? 9 : size < 1e14 ? 6 : size < 1e17 ? 3 : 0;
        return number.movePointRight(digits).toBigInteger().longValueExact();
      }
      String iso = text.strip().replace(' ', 'T');
      Instant time =
          iso.matches(".*(Z|z|[+-]\\d\\d:?\\d\\d)")
              ? OffsetDateTime.parse(iso.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2")).toInstant()
              : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
      return Math.addExact(
          Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      return null;
    }
  }
}
