// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.conformance;

import io.skopos.model.Labels;
import io.skopos.model.config.PrometheusDuration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A script of the peers. */
record TestScript(String name, List<Scenario> scenarios) {

  /** Entries, and what is asked of them. */
  record Scenario(List<Load> entries, List<Eval> evals) {}

  record Load(Labels stream, long timeNs, String line, Labels metadata) {}

  /**
   * @param stepMs 0 for an instant query
   * @param failure what the error's text contains, as an expression; null when there is none
   * @param scalar null when series are expected
   */
  record Eval(
      int line,
      String query,
      long startMs,
      long endMs,
      long stepMs,
      boolean ordered,
      @Nullable Pattern failure,
      @Nullable Double scalar,
      List<Row> rows) {}

  /** Expected values of a series, step by step; null for no point. */
  record Row(Labels labels, List<@Nullable Double> values) {}

  private static final Pattern LOAD =
      Pattern.compile(
          "(\\{.*?\\})\\s+(?:\"([^\"]*)\"|`([^`]*)`)\\s+@\\s*(\\S+)"
              + "(?:\\s+\\[repeat every (\\S+)\\s+for (\\d+)\\])?"
              + "(?:\\s+\\[metadata (.*?)\\])?\\s*(?:#.*)?");
  private static final Pattern EVAL =
      Pattern.compile("eval (?:instant at (\\S+)|range from (\\S+) to (\\S+) step (\\S+)) (.*)");
  private static final Pattern LABEL = Pattern.compile("([A-Za-z_]\\w*)=\"([^\"]*)\"");

  static TestScript read(Path file) throws IOException {
    List<Scenario> scenarios = new ArrayList<>();
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    int at = 0;
    while (at < lines.size()) {
      String line = lines.get(at).strip();
      int number = ++at;
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      List<String> body = new ArrayList<>();
      while (at < lines.size() && isBody(lines.get(at))) {
        String inner = lines.get(at++).strip();
        if (!inner.startsWith("#")) {
          body.add(inner);
        }
      }
      if (line.equals("clear")) {
        scenarios.add(new Scenario(new ArrayList<>(), new ArrayList<>()));
      } else if (line.equals("load")) {
        body.forEach(entry -> load(entry, scenarios.getLast().entries()));
      } else {
        scenarios.getLast().evals().add(eval(number, line, body));
      }
    }
    return new TestScript(String.valueOf(file.getFileName()), scenarios);
  }

  private static boolean isBody(String line) {
    return !line.isBlank() && Character.isWhitespace(line.charAt(0));
  }

  private static void load(String text, List<Load> entries) {
    java.util.regex.Matcher matcher = LOAD.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no entry: " + text);
    }
    // What comes in has no empty labels.
    Labels stream = Labels.of(labels(matcher.group(1)).toMap());
    String line = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
    long start = millis(matcher.group(4)) * 1_000_000;
    long every = matcher.group(5) == null ? 0 : millis(matcher.group(5)) * 1_000_000;
    int count = matcher.group(6) == null ? 1 : Integer.parseInt(matcher.group(6));
    Labels metadata = matcher.group(7) == null ? Labels.EMPTY : labels(matcher.group(7));
    for (int i = 0; i < count; i++) {
      String filled = line.replace("{{.i}}", String.valueOf(i));
      entries.add(new Load(stream, start + i * every, filled, metadata));
    }
  }

  private static Eval eval(int number, String line, List<String> body) {
    java.util.regex.Matcher matcher = EVAL.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no command: " + line);
    }
    boolean instant = matcher.group(1) != null;
    long start = millis(matcher.group(instant ? 1 : 2));
    long end = instant ? start : millis(matcher.group(3));
    long step = instant ? 0 : millis(matcher.group(4));
    boolean ordered = false;
    Pattern failure = null;
    Double scalar = null;
    List<Row> rows = new ArrayList<>();
    for (String text : body) {
      if (text.startsWith("expect fail")) {
        failure = failure(text);
      } else if (text.equals("expect ordered")) {
        ordered = true;
      } else if (text.startsWith("{")) {
        rows.add(row(text));
      } else if (!text.equals("expect empty") && !text.startsWith("skip ")) {
        scalar = number(text.replaceAll("\\s+#.*", ""));
      }
    }
    return new Eval(number, matcher.group(5), start, end, step, ordered, failure, scalar, rows);
  }

  private static Pattern failure(String text) {
    String rest = text.substring("expect fail".length()).strip();
    if (rest.startsWith("msg:")) {
      return Pattern.compile(Pattern.quote(rest.substring(4).strip()));
    }
    return Pattern.compile(rest.startsWith("regex:") ? rest.substring(6).strip() : "");
  }

  private static Row row(String text) {
    int end = text.indexOf('}') + 1;
    List<@Nullable Double> values = new ArrayList<>();
    String numbers = text.substring(end).replaceAll("\\s#.*", "").strip();
    for (String word : numbers.split("\\s+", -1)) {
      java.util.regex.Matcher series =
          Pattern.compile("(-?[\\d.]+)([+-][\\d.]+)x(\\d+)").matcher(word);
      if (word.equals("_")) {
        values.add(null);
      } else if (series.matches()) {
        for (int i = 0; i <= Integer.parseInt(series.group(3)); i++) {
          values.add(number(series.group(1)) + i * number(series.group(2)));
        }
      } else {
        values.add(number(word));
      }
    }
    return new Row(labels(text.substring(0, end)), values);
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static long millis(String text) {
    return PrometheusDuration.parse(text).toMillis();
  }

  /** With values that may be empty. */
  static Labels labels(String text) {
    Map<String, String> sorted = new TreeMap<>();
    java.util.regex.Matcher matcher = LABEL.matcher(text);
    while (matcher.find()) {
      sorted.put(matcher.group(1), matcher.group(2));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    sorted.forEach((name, value) -> {
      write(out, name);
      write(out, value);
    });
    return Labels.ofCanonicalBytes(out.toByteArray());
  }

  private static void write(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 127) {
      throw new IllegalArgumentException("too long: " + text);
    }
    out.write(bytes.length);
    out.writeBytes(bytes);
  }
}
