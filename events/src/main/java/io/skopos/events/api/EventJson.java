// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.events.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.skopos.events.Event;
import io.skopos.web.HttpError;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Events from and to JSON, with every bound checked. */
final class EventJson {

  static final int MAX_EVENTS = 1000;
  private static final int MAX_ID = 64;
  private static final int MAX_KIND = 64;
  private static final int MAX_TITLE = 512;
  private static final int MAX_TEXT = 16 * 1024;
  private static final int MAX_ENTITIES = 32;
  private static final int MAX_ENTITY = 256;
  private static final int MAX_LABELS = 64;

  /** Of one request: each name is a column, and every event has a place in it. */
  private static final int MAX_LABEL_NAMES = 1024;

  private static final int MAX_LABEL_NAME = 128;
  private static final int MAX_LABEL_VALUE = 2048;
  private static final int MAX_LINK = 2048;

  private static final JsonFactory JSON = new JsonFactory();

  private final Set<String> labelNames = new HashSet<>();
  private final Supplier<String> ids;
  private final long nowMs;

  EventJson(Supplier<String> ids, long nowMs) {
    this.ids = ids;
    this.nowMs = nowMs;
  }

  /**
   * What a body holds.
   *
   * @param array whether it was an array, so that the answer is one
   */
  record Posted(List<Event> events, boolean array) {}

  /** Reads one event or an array of them; nothing is taken of a body with a bad field. */
  Posted read(byte[] body, int length) {
    try (JsonParser json = JSON.createParser(body, 0, length)) {
      JsonToken first = json.nextToken();
      List<Event> events = new ArrayList<>();
      if (first == JsonToken.START_OBJECT) {
        events.add(event(json, ""));
      } else if (first == JsonToken.START_ARRAY) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          if (events.size() == MAX_EVENTS) {
            throw HttpError.badData("more than " + MAX_EVENTS + " events in one request");
          }
          String where = "events[" + events.size() + "].";
          if (json.currentToken() != JsonToken.START_OBJECT) {
            throw HttpError.badData(where + " must be an object");
          }
          events.add(event(json, where));
        }
      } else {
        throw HttpError.badData("the body must be a JSON object (an event) or an array of them");
      }
      if (json.nextToken() != null) {
        throw HttpError.badData("something follows the JSON value");
      }
      return new Posted(events, first == JsonToken.START_ARRAY);
    } catch (JsonProcessingException e) {
      throw HttpError.badData(
          "the body is not JSON: line "
              + (e.getLocation() == null ? 0 : e.getLocation().getLineNr())
              + ": "
              + e.getOriginalMessage());
    } catch (IOException e) {
      throw HttpError.badData("the body is not JSON: " + e.getMessage());
    }
  }

  private Event event(JsonParser json, String where) throws IOException {
    String id = null;
    String kind = "note";
    String title = null;
    String text = "";
    List<String> entities = List.of();
    Map<String, String> labels = Map.of();
    Long start = null;
    Long end = null;
    boolean ongoing = false;
    String link = "";
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      json.nextToken();
      String at = where + field;
      switch (field) {
        case "id" -> id = word(text(json, at, MAX_ID), at);
        case "kind" -> kind = kind(word(text(json, at, MAX_KIND), at), at);
        case "title" -> title = text(json, at, MAX_TITLE).strip();
        case "text" -> text = text(json, at, MAX_TEXT);
        case "entities" -> entities = entities(json, at);
        case "labels" -> labels = labels(json, at);
        case "start" -> start = time(json, at);
        case "end" -> end = json.currentToken() == JsonToken.VALUE_NULL ? null : time(json, at);
        case "ongoing" -> ongoing = bool(json, at);
        case "link" -> link = link(text(json, at, MAX_LINK), at);
        default ->
            throw HttpError.badData(
                at
                    + ": unknown field; known are id, kind, title, text, entities, labels, start,"
                    + " end, ongoing, link");
      }
    }
    if (title == null || title.isEmpty()) {
      throw HttpError.badData(where + "title: is needed");
    }
    if (id != null && start == null) {
      throw HttpError.badData(
          where + "id: an id of your own needs a start, as both together identify the event");
    }
    long startMs = start == null ? nowMs : start;
    if (end != null && end < startMs) {
      throw HttpError.badData(where + "end: is before the start");
    }
    if (end != null && ongoing) {
      throw HttpError.badData(where + "ongoing: an event with an end is not ongoing");
    }
    return new Event(
        id == null ? ids.get() : id,
        kind,
        title,
        text,
        entities,
        labels,
        startMs,
        end,
        ongoing,
        link);
  }

  static void write(JsonGenerator json, Event event) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", event.id());
    json.writeStringField("kind", event.kind());
    json.writeStringField("title", event.title());
    if (!event.text().isEmpty()) {
      json.writeStringField("text", event.text());
    }
    json.writeArrayFieldStart("entities");
    for (String entity : event.entities()) {
      json.writeString(entity);
    }
    json.writeEndArray();
    json.writeObjectFieldStart("labels");
    for (Map.Entry<String, String> label : new TreeMap<>(event.labels()).entrySet()) {
      json.writeStringField(label.getKey(), label.getValue());
    }
    json.writeEndObject();
    json.writeStringField("start", Instant.ofEpochMilli(event.startMs()).toString());
    Long end = event.endMs();
    if (end != null) {
      json.writeStringField("end", Instant.ofEpochMilli(end).toString());
    }
    if (event.ongoing()) {
      json.writeBooleanField("ongoing", true);
    }
    if (!event.link().isEmpty()) {
      json.writeStringField("link", event.link());
    }
    json.writeEndObject();
  }

  /** RFC 3339, or Unix seconds with or without a fraction. */
  static long parseTime(String text, String at) {
    try {
      BigDecimal seconds = new BigDecimal(text);
      // Both bounded before any arithmetic: an exponent of a billion is a short text.
      if (Math.abs(seconds.scale()) > 30 || seconds.precision() > 60) {
        throw HttpError.badData(at + ": '" + text + "' is not a time in Unix seconds");
      }
      BigDecimal millis = seconds.movePointRight(3).setScale(0, RoundingMode.FLOOR);
      return checked(millis.precision() > 18 ? Long.MAX_VALUE : millis.longValueExact(), text, at);
    } catch (NumberFormatException e) {
      // Not a number.
    }
    try {
      return checked(OffsetDateTime.parse(text).toInstant().toEpochMilli(), text, at);
    } catch (DateTimeParseException | ArithmeticException e) {
      throw HttpError.badData(
          at + ": '" + text + "' is not a time; write 2026-01-31T10:00:00Z or Unix seconds");
    }
  }

  /** Days are numbered in 32 bits. */
  private static long checked(long millis, String text, String at) {
    if (millis > 1L << 56 || millis < -(1L << 56)) {
      throw HttpError.badData(at + ": the time " + text + " is too far away");
    }
    return millis;
  }

  private static long time(JsonParser json, String at) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parseTime(json.getText(), at);
      default -> throw HttpError.badData(at + ": must be a time: an RFC 3339 text or Unix seconds");
    };
  }

  private static String text(JsonParser json, String at, int maxBytes) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw HttpError.badData(at + ": must be a text");
    }
    String text = wellFormed(json.getText(), at);
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > maxBytes) {
      throw HttpError.badData(at + ": has " + bytes + " bytes, the limit is " + maxBytes);
    }
    return text;
  }

  /** JSON's escapes can say half a character; UTF-8 cannot. */
  private static String wellFormed(String text, String at) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw HttpError.badData(at + ": has half a surrogate pair, which is no character");
    }
    return text;
  }

  private static boolean bool(JsonParser json, String at) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw HttpError.badData(at + ": must be true or false");
    };
  }

  /** What the audit says, nobody else may say. */
  private static String kind(String word, String at) {
    if (word.equals("audit")) {
      throw HttpError.badData(at + ": events of the kind audit are the server's to write");
    }
    return word;
  }

  private static String word(String text, String at) {
    if (text.isEmpty()
        || !text.chars()
            .allMatch(c ->
                (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '_'
                    || c == '-'
                    || c == '.')) {
      throw HttpError.badData(
          at + ": '" + text + "' must be letters, digits and the characters _ - .");
    }
    return text;
  }

  private static String link(String text, String at) {
    try {
      String scheme = URI.create(text).getScheme();
      if ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme)) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw HttpError.badData(at + ": '" + text + "' is not an http or https address");
  }

  private static List<String> entities(JsonParser json, String at) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw HttpError.badData(at + ": must be an array of texts like service:shop");
    }
    List<String> entities = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      String place = at + "[" + entities.size() + "]";
      if (entities.size() == MAX_ENTITIES) {
        throw HttpError.badData(at + ": more than " + MAX_ENTITIES + " entities");
      }
      String entity = text(json, place, MAX_ENTITY);
      int colon = entity.indexOf(':');
      if (colon < 1 || colon == entity.length() - 1 || entity.indexOf('\n') >= 0) {
        throw HttpError.badData(place + ": '" + entity + "' is not kind:name, as in service:shop");
      }
      entities.add(entity);
    }
    return entities;
  }

  private Map<String, String> labels(JsonParser json, String at) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw HttpError.badData(at + ": must be an object of texts");
    }
    Map<String, String> labels = new TreeMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      if (labels.size() == MAX_LABELS) {
        throw HttpError.badData(at + ": more than " + MAX_LABELS + " labels");
      }
      int bytes = name.getBytes(StandardCharsets.UTF_8).length;
      if (bytes == 0 || bytes > MAX_LABEL_NAME) {
        throw HttpError.badData(
            at + ": a label name has " + bytes + " bytes; allowed are 1 to " + MAX_LABEL_NAME);
      }
      if (labelNames.add(name) && labelNames.size() > MAX_LABEL_NAMES) {
        throw HttpError.badData(
            at
                + "."
                + name
                + ": more than "
                + MAX_LABEL_NAMES
                + " different label names in one request; send fewer events at once, and put"
                + " what differs into values");
      }
      if (name.equals("kind")) {
        throw HttpError.badData(at + ".kind: is a field of its own, not a label");
      }
      String value = text(json, at + "." + name, MAX_LABEL_VALUE);
      if (labels.put(name, value) != null) {
        throw HttpError.badData(at + "." + name + ": is given twice");
      }
    }
    return labels;
  }

  /** The value of a cursor as text; null for one that was never given out. */
  static @Nullable Long parseLong(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
