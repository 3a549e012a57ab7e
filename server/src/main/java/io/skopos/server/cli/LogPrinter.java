// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** Writes entries for people or programs. */
final class LogPrinter {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String DIM = "\u001b[2m";
  private static final String RESET = "\u001b[0m";

  private final PrintWriter out;
  private final LogsCommand.Output output;
  private final boolean colours;

  LogPrinter(PrintWriter out, LogsCommand.Output output, boolean colours) {
    this.out = out;
    this.output = output;
    this.colours = colours;
  }

  /**
   * @param context whether it only surrounds a line that was asked for
   */
  void print(LogLine entry, boolean context) {
    switch (output) {
      case RAW -> out.println(entry.line());
      case JSONL -> out.println(json(entry));
      case TEXT -> {
        String head = entry.time() + " " + entry.selector() + (context ? "-" : " ");
        if (!colours) {
          out.println(head + entry.line());
        } else if (context) {
          out.println(DIM + head + entry.line() + RESET);
        } else {
          out.println(DIM + head + RESET + colour(entry) + entry.line() + RESET);
        }
      }
    }
  }

  void separator() {
    if (output == LogsCommand.Output.TEXT) {
      out.println("--");
    }
  }

  void flush() {
    out.flush();
  }

  private static String colour(LogLine entry) {
    return switch (entry.metadata().getOrDefault("detected_level", "")) {
      case "error", "critical", "fatal" -> "\u001b[31m";
      case "warn" -> "\u001b[33m";
      case "debug", "trace" -> DIM;
      default -> "";
    };
  }

  /** As {@code skopos import} and {@code /api/v1/logs/import} read them. */
  private static String json(LogLine entry) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("timestamp", Long.toString(entry.timeNs()));
      write(json, "labels", entry.stream());
      if (!entry.metadata().isEmpty()) {
        write(json, "metadata", entry.metadata());
      }
      json.writeStringField("line", entry.line());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, String name, Map<String, String> labels)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> label : labels.entrySet()) {
      json.writeStringField(label.getKey(), label.getValue());
    }
    json.writeEndObject();
  }
}
