// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A script as a list of commands. */
record TestScript(String name, List<Command> commands) {

  /** One block of the script. */
  sealed interface Command {
    int line();
  }

  record Clear(int line) implements Command {}

  record Load(int line, long stepMs, boolean withHistograms, List<SeriesLine> series)
      implements Command {}

  /**
   * @param stepMs 0 for an instant query
   */
  record Eval(
      int line,
      String expr,
      long startMs,
      long endMs,
      long stepMs,
      List<Expectation> expectations,
      List<SeriesLine> series,
      @Nullable Double scalar,
      @Nullable String text,
      @Nullable RangeVector rangeVector)
      implements Command {

    boolean isInstant() {
      return stepMs == 0;
    }

    boolean expects(Kind kind) {
      return expectations.stream().anyMatch(e -> e.kind() == kind);
    }
  }

  /** The matrix an instant query answers with. */
  record RangeVector(long startMs, long endMs, long stepMs) {}

  /** What a line {@code expect ...} demands. */
  enum Kind {
    FAIL,
    WARN,
    INFO,
    NO_WARN,
    NO_INFO,
    ORDERED
  }

  /** At most one of message and regex is there. */
  record Expectation(Kind kind, @Nullable String message, @Nullable String regex) {

    boolean fits(String text) {
      if (message != null) {
        return text.equals(message);
      }
      return regex == null || Pattern.compile(regex).matcher(text).find();
    }
  }

  private static final Pattern LOAD = Pattern.compile("load(_with_nhcb)?\\s+(\\S+)");
  private static final Pattern INSTANT =
      Pattern.compile("eval(?:_(\\w+))?\\s+instant\\s+(?:at\\s+(\\S+)\\s+)?(.+)");
  private static final Pattern RANGE =
      Pattern.compile(
          "eval(?:_(\\w+))?\\s+range\\s+from\\s+(\\S+)\\s+to\\s+(\\S+)\\s+step\\s+(\\S+)\\s+(.+)");
  private static final Pattern EXPECT =
      Pattern.compile(
          "expect\\s+(fail|warn|info|no_warn|no_info|ordered)"
              + "(?:\\s+(?:(msg|regex)\\s*:\\s*(.*)))?");
  private static final Pattern EXPECT_RANGE =
      Pattern.compile(
          "expect\\s+range\\s+vector\\s+from\\s+(\\S+)\\s+to\\s+(\\S+)\\s+step\\s+(\\S+)");
  private static final Pattern DURATION = Pattern.compile("([0-9.]+)(ms|[smhdwy])");

  static TestScript read(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String raw : Files.readAllLines(file)) {
      String line = raw.strip();
      lines.add(line.startsWith("#") ? "" : line);
    }
    List<Command> commands = new ArrayList<>();
    int at = 0;
    while (at < lines.size()) {
      if (lines.get(at).isEmpty()) {
        at++;
        continue;
      }
      int end = at + 1;
      while (end < lines.size() && !lines.get(end).isEmpty()) {
        end++;
      }
      String first = lines.get(at);
      if (first.equals("clear")) {
        commands.add(new Clear(at + 1));
        end = at + 1;
      } else if (first.startsWith("load")) {
        commands.add(load(at + 1, first, lines.subList(at + 1, end)));
      } else if (first.startsWith("eval")) {
        commands.add(eval(at + 1, first, lines.subList(at + 1, end)));
      } else {
        throw new IllegalArgumentException(file + ":" + (at + 1) + ": " + first);
      }
      at = end;
    }
    return new TestScript(file.getFileName().toString(), commands);
  }

  static long duration(String text) {
    String digits = text.startsWith("-") ? text.substring(1) : text;
    if (digits.matches("[0-9.]+")) {
      return Math.round(Double.parseDouble(text) * 1000);
    }
    Matcher part = DURATION.matcher(digits);
    long total = 0;
    int end = 0;
    while (part.find() && part.start() == end) {
      end = part.end();
      long unit =
          switch (part.group(2)) {
            case "ms" -> 1;
            case "s" -> 1000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            case "w" -> 7 * 86_400_000L;
            case "y" -> 365 * 86_400_000L;
            default -> throw new IllegalArgumentException(text);
          };
      total += Math.round(Double.parseDouble(part.group(1)) * unit);
    }
    if (end != digits.length()) {
      throw new IllegalArgumentException("not a duration: " + text);
    }
    return text.startsWith("-") ? -total : total;
  }

  private static Load load(int line, String first, List<String> block) {
    Matcher head = LOAD.matcher(first);
    if (!head.matches()) {
      throw new IllegalArgumentException(line + ": " + first);
    }
    return new Load(
        line,
        duration(head.group(2)),
        head.group(1) != null,
        block.stream().map(SeriesLine::parse).toList());
  }

  private static Eval eval(int line, String first, List<String> block) {
    List<Expectation> expectations = new ArrayList<>();
    List<SeriesLine> series = new ArrayList<>();
    Double scalar = null;
    String text = null;
    RangeVector rangeVector = null;
    Matcher range = RANGE.matcher(first);
    Matcher instant = INSTANT.matcher(first);
    boolean isRange = range.matches();
    if (!isRange && !instant.matches()) {
      throw new IllegalArgumentException(line + ": " + first);
    }
    String old = isRange ? range.group(1) : instant.group(1);
    Kind oldKind = old == null ? null : kind(old);
    String oldMessage = null;
    String oldRegex = null;
    for (String content : block) {
      Matcher expect = EXPECT.matcher(content);
      Matcher expectRange = EXPECT_RANGE.matcher(content);
      if (content.startsWith("expected_fail_message ")) {
        oldMessage = content.substring("expected_fail_message ".length()).strip();
      } else if (content.startsWith("expected_fail_regexp ")) {
        oldRegex = content.substring("expected_fail_regexp ".length()).strip();
      } else if (expectRange.matches()) {
        rangeVector =
            new RangeVector(
                duration(expectRange.group(1)),
                duration(expectRange.group(2)),
                duration(expectRange.group(3)));
      } else if (content.startsWith("expect string ")) {
        text = GoStrings.unquote(content.substring("expect string ".length()).strip());
      } else if (expect.matches()) {
        boolean message = "msg".equals(expect.group(2));
        boolean regex = "regex".equals(expect.group(2));
        expectations.add(
            new Expectation(
                kind(expect.group(1)),
                message ? expect.group(3).strip() : null,
                regex ? expect.group(3).strip() : null));
      } else if (content.matches("[+-]?(?:[0-9.eE+-]+|[iI]nf|[nN]a[nN])")) {
        scalar = SeriesLine.number(content);
      } else {
        series.add(SeriesLine.parse(content));
      }
    }
    if (oldKind != null) {
      expectations.add(new Expectation(oldKind, oldMessage, oldRegex));
    }
    if (isRange) {
      return new Eval(
          line,
          range.group(5),
          duration(range.group(2)),
          duration(range.group(3)),
          duration(range.group(4)),
          expectations,
          series,
          scalar,
          text,
          rangeVector);
    }
    long time = instant.group(2) == null ? 0 : duration(instant.group(2));
    return new Eval(
        line, instant.group(3), time, time, 0, expectations, series, scalar, text, rangeVector);
  }

  private static Kind kind(String word) {
    return Kind.valueOf(word.toUpperCase(java.util.Locale.ROOT));
  }
}
