// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Labels;
import io.skopos.serving.answer.JsonText;
import io.skopos.serving.answer.NumberBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The samples of a series as lines of JSON or of comma-separated values. */
final class ExportLines {

  private ExportLines() {}

  /**
   * @param rowsPerLine after which another line of the same series begins
   */
  static void json(OutputStream out, Labels labels, SampleBuffer samples, int rowsPerLine)
      throws IOException {
    JsonText json = new JsonText(out);
    int at = 0;
    while (at < samples.size) {
      int from = at;
      int count = 0;
      while (at < samples.size && count < rowsPerLine) {
        count += isFloat(samples, at++) ? 1 : 0;
      }
      if (count == 0) {
        break;
      }
      json.raw("{\"metric\":").labels(labels).raw(",\"values\":[");
      boolean first = true;
      for (int i = from; i < at; i++) {
        if (isFloat(samples, i)) {
          json.raw(first ? "" : ",");
          value(json, samples.values[i]);
          first = false;
        }
      }
      json.raw("],\"timestamps\":[");
      first = true;
      for (int i = from; i < at; i++) {
        if (isFloat(samples, i)) {
          json.raw(first ? "" : ",").integer(samples.timesMs[i]);
          first = false;
        }
      }
      json.raw("]}\n");
    }
    json.flush();
  }

  private static boolean isFloat(SampleBuffer samples, int index) {
    return samples.histograms == null || samples.histograms[index] == null;
  }

  private static void value(JsonText json, double value) throws IOException {
    if (StaleMarker.is(value)) {
      json.raw("null");
    } else if (Double.isNaN(value)) {
      json.raw("\"NaN\"");
    } else if (Double.isInfinite(value)) {
      json.raw(value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    } else {
      json.number(value);
    }
  }

  /** What a line holds: labels by name, {@code __value__}, {@code __timestamp__:FORMAT}. */
  record CsvColumns(List<String> names) {

    /**
     * @throws IllegalArgumentException saying which column is wrong
     */
    static CsvColumns parse(String format) {
      List<String> names = new ArrayList<>();
      for (String name : format.split(",")) {
        String column = name.strip();
        if (column.isEmpty()) {
          throw new IllegalArgumentException(
              "format must name columns: labels, __value__ and __timestamp__:unix_s");
        }
        if (column.startsWith("__timestamp__")
            && !column.matches("__timestamp__(:(unix_s|unix_ms|unix_ns|rfc3339))?")) {
          throw new IllegalArgumentException(
              "the column '" + column + "' is not unix_s, unix_ms, unix_ns or rfc3339");
        }
        names.add(column);
      }
      return new CsvColumns(List.copyOf(names));
    }
  }

  static void csv(OutputStream out, Labels labels, SampleBuffer samples, CsvColumns columns)
      throws IOException {
    List<String> fixed = new ArrayList<>();
    for (String name : columns.names()) {
      fixed.add(quoted(labels.getOrEmpty(name)));
    }
    NumberBytes numbers = new NumberBytes();
    for (int i = 0; i < samples.size; i++) {
      if (!isFloat(samples, i) || StaleMarker.is(samples.values[i])) {
        continue;
      }
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < fixed.size(); column++) {
        String name = columns.names().get(column);
        line.append(column == 0 ? "" : ",");
        if (name.equals("__value__")) {
          int length = numbers.writeValue(samples.values[i]);
          line.append(new String(numbers.bytes(), 0, length, StandardCharsets.US_ASCII));
        } else if (name.startsWith("__timestamp__")) {
          line.append(time(name, samples.timesMs[i]));
        } else {
          line.append(fixed.get(column));
        }
      }
      out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String time(String column, long timeMs) {
    return switch (column.substring(column.indexOf(':') + 1)) {
      case "unix_s" -> Long.toString(Math.floorDiv(timeMs, 1000L));
      case "unix_ns" -> timeMs + "000000";
      case "rfc3339" -> Instant.ofEpochMilli(timeMs).toString();
      default -> Long.toString(timeMs);
    };
  }

  private static String quoted(String text) {
    boolean plain =
        text.indexOf(',') < 0
            && text.indexOf('"') < 0
            && text.indexOf('\n') < 0
            && text.indexOf('\r') < 0;
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
