// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An answer of the query API, ready to be printed. */
final class QueryAnswer {

  private final Map<String, Object> answer;
  private final List<Row> rows = new ArrayList<>();
  private final String type;

  /** A series with its points as (seconds, value text). */
  private record Row(Map<String, String> labels, List<Map.Entry<Double, String>> points) {}

  private QueryAnswer(Map<String, Object> answer) {
    this.answer = answer;
    Map<String, Object> data = map(answer.get("data"));
    this.type = String.valueOf(data.get("resultType"));
    Object result = data.get("result");
    switch (type) {
      case "vector" ->
          list(result)
              .forEach(row -> addRow(map(row), List.of(map(row).getOrDefault("value", List.of()))));
      case "matrix" -> list(result).forEach(row -> addRow(map(row), list(map(row).get("values"))));
      default -> rows.add(new Row(Map.of(), List.of(point(result))));
    }
  }

  static QueryAnswer of(Object answer) {
    return new QueryAnswer(map(answer));
  }

  List<String> warnings() {
    List<String> texts = new ArrayList<>();
    list(answer.get("warnings")).forEach(text -> texts.add(String.valueOf(text)));
    list(answer.get("infos")).forEach(text -> texts.add(String.valueOf(text)));
    return texts;
  }

  List<QueryCommand.Line> series() {
    List<QueryCommand.Line> lines = new ArrayList<>();
    for (Row row : rows) {
      List<double[]> points = new ArrayList<>();
      for (Map.Entry<Double, String> point : row.points()) {
        points.add(new double[] {point.getKey(), number(point.getValue())});
      }
      lines.add(new QueryCommand.Line(name(row.labels()), points));
    }
    return lines;
  }

  void printJson(PrintWriter out) {
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).setPrettyPrinter(new DefaultPrettyPrinter())) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      write(json, answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println();
  }

  /** One line per point: a column for each label, then time and value. */
  void printCsv(PrintWriter out) {
    TreeSet<String> names = new TreeSet<>();
    rows.forEach(row -> names.addAll(row.labels().keySet()));
    List<String> header = new ArrayList<>(names);
    header.add("time");
    header.add("value");
    printCsvLine(out, header);
    for (Row row : rows) {
      for (Map.Entry<Double, String> point : row.points()) {
        List<String> cells = new ArrayList<>();
        names.forEach(name -> cells.add(row.labels().getOrDefault(name, "")));
        cells.add(time(point.getKey()));
        cells.add(point.getValue());
        printCsvLine(out, cells);
      }
    }
  }

  /** A vector as series and value; a matrix as series, first, last, least and greatest value. */
  void printTable(PrintWriter out) {
    if (rows.isEmpty()) {
      out.println("(no series)");
      return;
    }
    List<List<String>> cells = new ArrayList<>();
    if (type.equals("matrix")) {
      cells.add(List.of("SERIES", "POINTS", "FIRST", "LAST", "MIN", "MAX"));
      for (Row row : rows) {
        double min = Double.NaN;
        double max = Double.NaN;
        for (Map.Entry<Double, String> point : row.points()) {
          double value = number(point.getValue());
          min = min <= value ? min : value;
          max = max >= value ? max : value;
        }
        List<Map.Entry<Double, String>> points = row.points();
        cells.add(
            List.of(
                name(row.labels()),
                String.valueOf(points.size()),
                points.isEmpty() ? "" : shorten(number(points.getFirst().getValue())),
                points.isEmpty() ? "" : shorten(number(points.getLast().getValue())),
                shorten(min),
                shorten(max)));
      }
    } else {
      cells.add(List.of("SERIES", "VALUE"));
      rows.forEach(row ->
          cells.add(
              List.of(
                  name(row.labels()),
                  row.points().isEmpty() ? "" : row.points().getFirst().getValue())));
    }
    int columns = cells.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> line : cells) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    for (List<String> line : cells) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String cell = line.get(i);
        String padding = " ".repeat(widths[i] - cell.length());
        text.append(i == 0 ? cell + padding : "  " + padding + cell);
      }
      out.println(text.toString().stripTrailing());
    }
  }

  private void addRow(Map<String, Object> row, List<?> points) {
    Map<String, String> labels = new LinkedHashMap<>();
    map(row.get("metric")).forEach((name, value) -> labels.put(name, String.valueOf(value)));
    List<Map.Entry<Double, String>> parsed = new ArrayList<>();
    points.forEach(point -> parsed.add(point(point)));
    rows.add(new Row(labels, parsed));
  }

  private static Map.Entry<Double, String> point(@Nullable Object point) {
    List<?> pair = list(point);
    return pair.size() == 2 && pair.getFirst() instanceof Double seconds
        ? Map.entry(seconds, String.valueOf(pair.get(1)))
        : Map.entry(0.0, "");
  }

  private static String name(Map<String, String> labels) {
    StringBuilder text = new StringBuilder(labels.getOrDefault("__name__", ""));
    List<String> pairs = new ArrayList<>();
    labels.forEach((name, value) -> {
      if (!name.equals("__name__")) {
        pairs.add(name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
      }
    });
    if (!pairs.isEmpty() || text.isEmpty()) {
      text.append('{').append(String.join(", ", pairs)).append('}');
    }
    return text.toString();
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      case "NaN", "" -> Double.NaN;
      default -> {
        try {
          yield Double.parseDouble(text);
        } catch (NumberFormatException e) {
          yield Double.NaN;
        }
      }
    };
  }

  /** Six significant digits, and units of a thousand above a million. */
  static String shorten(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    }
    String[] units = {"", "k", "M", "G", "T", "P", "E"};
    double scaled = value;
    int unit = 0;
    while (Math.abs(scaled) >= 1_000_000 && unit + 1 < units.length
        || (unit > 0 && Math.abs(scaled) >= 1000 && unit + 1 < units.length)) {
      scaled /= 1000;
      unit++;
    }
    String text = String.format(java.util.Locale.ROOT, "%.6g", scaled);
    if (text.contains(".") && !text.contains("e")) {
      text = text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
    return text + units[unit];
  }

  private static String time(double seconds) {
    return Instant.ofEpochMilli(Math.round(seconds * 1000)).toString();
  }

  private static void printCsvLine(PrintWriter out, List<String> cells) {
    List<String> quoted = new ArrayList<>();
    for (String cell : cells) {
      boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
      quoted.add(plain ? cell : '"' + cell.replace("\"", "\"\"") + '"');
    }
    out.println(String.join(",", quoted));
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    switch (value) {
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.writeFieldName(String.valueOf(entry.getKey()));
          write(json, entry.getValue());
        }
        json.writeEndObject();
      }
      case List<?> elements -> {
        json.writeStartArray();
        for (Object element : elements) {
          write(json, element);
        }
        json.writeEndArray();
      }
      case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 ->
          json.writeNumber(number.longValue());
      case Double number -> json.writeNumber(number);
      case Boolean bool -> json.writeBoolean(bool);
      default -> json.writeString(String.valueOf(value));
    }
  }

  @SuppressWarnings("unchecked") // JSON objects have string keys
  private static Map<String, Object> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> elements ? elements : List.of();
  }
}
