// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document as a tree that forgives: what is absent, or is something else than asked for,
 * reads as empty. Immutable.
 */
public final class JsonValue {

  public static final JsonValue MISSING = new JsonValue(null);

  /** Deep enough for any API's objects, shallow enough for the stack. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(100).build())
          .build();

  /** Not JSON. */
  public static final class Malformed extends Exception {

    private static final long serialVersionUID = 1L;

    Malformed(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** A Map, List, String, Number, Boolean or null. */
  private final @Nullable Object value;

  private JsonValue(@Nullable Object value) {
    this.value = value;
  }

  public static JsonValue parse(byte[] text) throws Malformed {
    try (JsonParser parser = FACTORY.createParser(text)) {
      return parse(parser);
    } catch (IOException e) {
      throw new Malformed("not JSON: " + e.getMessage(), e);
    }
  }

  public static JsonValue parse(String text) throws Malformed {
    try (JsonParser parser = FACTORY.createParser(text)) {
      return parse(parser);
    } catch (IOException e) {
      throw new Malformed("not JSON: " + e.getMessage(), e);
    }
  }

  private static JsonValue parse(JsonParser parser) throws IOException, Malformed {
    if (parser.nextToken() == null) {
      throw new Malformed("not JSON: it is empty", new IOException("empty"));
    }
    Object value = read(parser);
    if (parser.nextToken() != null) {
      throw new Malformed("not JSON: something follows its end", new IOException("trailing"));
    }
    return new JsonValue(value);
  }

  private static @Nullable Object read(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          fields.put(name, read(parser));
        }
        yield fields;
      }
      case START_ARRAY -> {
        List<@Nullable Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(read(parser));
        }
        yield items;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      default -> null;
    };
  }

  public boolean isMissing() {
    return value == null;
  }

  public boolean isList() {
    return value instanceof List;
  }

  public boolean isObject() {
    return value instanceof Map;
  }

  /** The field at the end of a path of names. */
  public JsonValue get(String... path) {
    Object at = value;
    for (String name : path) {
      at = at instanceof Map<?, ?> fields ? fields.get(name) : null;
    }
    return at == null ? MISSING : new JsonValue(at);
  }

  public List<JsonValue> list() {
    if (!(value instanceof List<?> items)) {
      return List.of();
    }
    List<JsonValue> values = new ArrayList<>(items.size());
    for (Object item : items) {
      values.add(item == null ? MISSING : new JsonValue(item));
    }
    return values;
  }

  /** An object's fields in their order. */
  public Map<String, JsonValue> fields() {
    if (!(value instanceof Map<?, ?> fields)) {
      return Collections.emptyMap();
    }
    Map<String, JsonValue> values = new LinkedHashMap<>();
    fields.forEach((name, field) ->
        values.put(String.valueOf(name), field == null ? MISSING : new JsonValue(field)));
    return values;
  }

  /** A string, number or boolean as text; else empty. */
  public String text() {
    return value == null || value instanceof Map || value instanceof List
        ? ""
        : String.valueOf(value);
  }

  /** Written as JSON again, without spaces. */
  public String json() {
    StringWriter out = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      write(value, generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private static void write(@Nullable Object value, JsonGenerator out) throws IOException {
    switch (value) {
      case Map<?, ?> fields -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> field : fields.entrySet()) {
          out.writeFieldName(String.valueOf(field.getKey()));
          write(field.getValue(), out);
        }
        out.writeEndObject();
      }
      case List<?> items -> {
        out.writeStartArray();
        for (Object item : items) {
          write(item, out);
        }
        out.writeEndArray();
      }
      case Boolean flag -> out.writeBoolean(flag);
      case Number number -> out.writeNumber(number.toString());
      case null -> out.writeNull();
      default -> out.writeString(value.toString());
    }
  }

  /** A whole number, also one that is written as a string. */
  public long number(long absent) {
    if (value instanceof Number number) {
      return number.longValue();
    }
    try {
      return value instanceof String text ? Long.parseLong(text) : absent;
    } catch (NumberFormatException e) {
      return absent;
    }
  }

  public boolean isTrue() {
    return Boolean.TRUE.equals(value);
  }
}
