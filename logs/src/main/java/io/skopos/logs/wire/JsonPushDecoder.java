// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.skopos.logs.store.LogBatch;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.web.receive.Rejection;
import io.skopos.web.wire.MalformedMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads Loki's push in JSON: {@code {"streams":[{"stream":{…},"values":[["ns","line",{…}]]}]}}, and
 * the older form with {@code "labels":"{…}"} and {@code "entries":[{"ts":…,"line":…}]}.
 * Thread-safe.
 */
public final class JsonPushDecoder {

  /** Bodies are bounded where they are read; a line may be as long as its body. */
  static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNestingDepth(200)
                  .build())
          .build();

  private JsonPushDecoder() {}

  /** One entry until its stream is known: the labels may stand behind the values. */
  private record Entry(long timeNs, byte[] line, Labels metadata) {}

  /**
   * Reads the first {@code length} bytes of {@code body}.
   *
   * @param into gets what is good; after an exception it must not be used
   */
  public static PushReport decode(byte[] body, int length, Discovery discovery, LogBatch into)
      throws MalformedMessage {
    PushReport report = new PushReport();
    try (JsonParser in = JSON.createParser(body, 0, length)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw malformed(in, in.currentToken() == null ? "EOF" : "it is not an object");
      }
      while (in.nextToken() != JsonToken.END_OBJECT) {
        String name = in.currentName();
        JsonToken value = in.nextToken();
        if (name.equals("streams") && value == JsonToken.START_ARRAY) {
          while (in.nextToken() != JsonToken.END_ARRAY) {
            stream(in, discovery, into, report);
          }
        } else if (name.equals("streams") && value != JsonToken.VALUE_NULL) {
          throw malformed(in, "'streams' must be an array");
        } else {
          in.skipChildren();
        }
      }
      return report;
    } catch (IOException e) {
      throw MalformedMessage.ofJson("malformed push request", e);
    }
  }

  private static void stream(JsonParser in, Discovery discovery, LogBatch into, PushReport report)
      throws IOException, MalformedMessage {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw malformed(in, "a stream must be an object");
    }
    report.stream();
    Streams.Stream stream = null;
    List<Entry> entries = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      switch (name) {
        case "stream" -> stream = labels(in, discovery);
        case "labels" -> stream = text(in, discovery);
        case "values" -> {
          if (value != JsonToken.START_ARRAY && value != JsonToken.VALUE_NULL) {
            throw malformed(in, "'values' must be an array");
          }
          while (value == JsonToken.START_ARRAY && in.nextToken() != JsonToken.END_ARRAY) {
            entries.add(values(in));
          }
        }
        case "entries" -> {
          if (value != JsonToken.START_ARRAY && value != JsonToken.VALUE_NULL) {
            throw malformed(in, "'entries' must be an array");
          }
          while (value == JsonToken.START_ARRAY && in.nextToken() != JsonToken.END_ARRAY) {
            entries.add(object(in));
          }
        }
        default -> in.skipChildren();
      }
    }
    add(stream == null ? Streams.of(Labels.EMPTY, discovery) : stream, entries, into, report);
  }

  private static void add(
      Streams.Stream stream, List<Entry> entries, LogBatch into, PushReport report) {
    String problem = stream.problem();
    if (problem != null) {
      report.rejected(Rejection.LABELS, "labels", Math.max(1, entries.size()), problem);
      return;
    }
    int number = into.stream(stream.labels());
    for (Entry entry : entries) {
      byte[] line = entry.line;
      into.entry(number, entry.timeNs, line, 0, line.length);
      into.metadata(
          Levels.found(entry.metadata, stream.level(), line, 0, line.length, stream.discovery()));
    }
    report.accepted(entries.size());
  }

  private static Streams.Stream labels(JsonParser in, Discovery discovery)
      throws IOException, MalformedMessage {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw malformed(in, "'stream' must be an object of labels");
    }
    LabelsBuilder labels = new LabelsBuilder();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      if (in.nextToken() != JsonToken.VALUE_STRING) {
        throw malformed(in, "the label '" + name + "' must be a string");
      }
      labels.set(name, in.getText());
    }
    return Streams.of(labels.build(), discovery);
  }

  private static Streams.Stream text(JsonParser in, Discovery discovery)
      throws IOException, MalformedMessage {
    if (in.currentToken() != JsonToken.VALUE_STRING) {
      throw malformed(in, "'labels' must be a string");
    }
    try {
      return Streams.of(StreamText.parse(in.getText()), discovery);
    } catch (StreamText.Invalid e) {
      return Streams.bad(in.getText(), String.valueOf(e.getMessage()), discovery);
    }
  }

  private static Entry values(JsonParser in) throws IOException, MalformedMessage {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw malformed(in, "an entry must be an array of timestamp and line");
    }
    if (in.nextToken() != JsonToken.VALUE_STRING) {
      throw malformed(in, "a timestamp must be a string of nanoseconds since 1970");
    }
    long timeNs;
    try {
      timeNs = Long.parseLong(in.getText());
    } catch (NumberFormatException e) {
      throw malformed(in, "the timestamp '" + in.getText() + "' is not a number of nanoseconds");
    }
    if (in.nextToken() != JsonToken.VALUE_STRING) {
      throw malformed(in, "a line must be a string");
    }
    byte[] line = in.getText().getBytes(StandardCharsets.UTF_8);
    Labels metadata = Labels.EMPTY;
    if (in.nextToken() == JsonToken.START_OBJECT) {
      metadata = metadata(in);
      in.nextToken();
    } else if (in.currentToken() != JsonToken.END_ARRAY) {
      throw malformed(in, "structured metadata must be an object of strings");
    }
    if (in.currentToken() != JsonToken.END_ARRAY) {
      throw malformed(in, "an entry has more than timestamp, line and structured metadata");
    }
    return new Entry(timeNs, line, metadata);
  }

  private static Entry object(JsonParser in) throws IOException, MalformedMessage {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw malformed(in, "an entry must be an object with ts and line");
    }
    Long timeNs = null;
    byte[] line = {};
    Labels metadata = Labels.EMPTY;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      switch (name) {
        case "ts", "timestamp" -> {
          timeNs = value == JsonToken.VALUE_STRING ? time(in.getText()) : null;
          if (timeNs == null) {
            throw malformed(in, "'" + name + "' must be a time like 2006-01-02T15:04:05.999Z");
          }
        }
        case "line" -> {
          if (value != JsonToken.VALUE_STRING) {
            throw malformed(in, "a line must be a string");
          }
          line = in.getText().getBytes(StandardCharsets.UTF_8);
        }
        case "structuredMetadata" -> {
          if (value != JsonToken.START_OBJECT) {
            throw malformed(in, "structured metadata must be an object of strings");
          }
          metadata = metadata(in);
        }
        default -> in.skipChildren();
      }
    }
    if (timeNs == null) {
      throw malformed(in, "an entry has no ts");
    }
    return new Entry(timeNs, line, metadata);
  }

  private static @Nullable Long time(String text) {
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      return Math.addExact(
          Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static Labels metadata(JsonParser in) throws IOException, MalformedMessage {
    MetadataBuffer buffer = new MetadataBuffer();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      if (in.nextToken() != JsonToken.VALUE_STRING) {
        throw malformed(in, "the value of the structured metadata '" + name + "' must be a string");
      }
      buffer.add(name, in.getText());
    }
    Labels labels = buffer.build();
    if (labels == null) {
      throw malformed(in, "structured metadata has an empty name, or too many names");
    }
    return labels;
  }

  private static MalformedMessage malformed(JsonParser in, String problem) {
    return new MalformedMessage(
        "malformed push request at line "
            + in.currentTokenLocation().getLineNr()
            + ", column "
            + in.currentTokenLocation().getColumnNr()
            + ": "
            + problem);
  }
}
