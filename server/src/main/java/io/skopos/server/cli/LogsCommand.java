// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import io.skopos.model.config.PrometheusDuration;
import java.io.IOException;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows log entries of a running server. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Shows log entries of a running server, by a query in LogQL.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  skopos logs '{service_name=\"shop\"} |= \"timeout\"' --since 6h",
      "  skopos logs '{service_name=\"shop\"} | detected_level=\"error\"' -C 3",
      "  skopos logs '{namespace=\"prod\"}' --tail",
      "  skopos logs '{service_name=\"shop\"}' --limit 1000000 -o jsonl > shop.jsonl"
    })
final class LogsCommand implements Runnable {

  private static final int PAGE = 5000;
  private static final String FLAGS = "X-Loki-Response-Encoding-Flags";

  /** How entries are written. */
  enum Output {
    TEXT,
    RAW,
    JSONL
  }

  /** Which entries come first. */
  enum Direction {
    BACKWARD,
    FORWARD
  }

  @Parameters(paramLabel = "LOGQL", description = "The query.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String query;

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      defaultValue = "1h",
      description = "How far back, unless --start says it (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String since;

  @Option(names = "--start", paramLabel = "TIME", description = "RFC 3339 or Unix seconds.")
  private @Nullable String start;

  @Option(names = "--end", paramLabel = "TIME", description = "Not included (default: now).")
  private @Nullable String end;

  @Option(
      names = "--limit",
      defaultValue = "100",
      description = "Entries at most (default: ${DEFAULT-VALUE}); any number.")
  private int limit;

  @Option(
      names = "--direction",
      description =
          "${COMPLETION-CANDIDATES}: which entries are taken, the last ones (default) or the first.")
  private Direction direction = Direction.BACKWARD;

  @Option(
      names = {"-C", "--context"},
      paramLabel = "N",
      description = "Also shows N lines of the same stream before and after each.")
  private int context;

  @Option(
      names = {"-t", "--tail"},
      description = "Goes on showing entries as they come in.")
  private boolean tail;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Output output;

  @Option(names = "--no-color", description = "No colours (there are none outside a terminal).")
  private boolean noColour;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Connection connection;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    if (limit < 1 || context < 0) {
      throw new CommandFailed("--limit must be positive and --context not negative");
    }
    boolean colours = !noColour && Terminal.isOne() && System.getenv("NO_COLOR") == null;
    LogPrinter printer = new LogPrinter(spec.commandLine().getOut(), output, colours);
    if (tail) {
      tail(printer);
      return;
    }
    long to = end == null ? System.currentTimeMillis() * 1_000_000 : nanos("--end", end);
    long from = start != null ? nanos("--start", start) : to - duration(since);
    if (from > to) {
      throw new CommandFailed("the range ends before it begins");
    }
    if (context > 0) {
      printWithContext(printer, from, to);
    } else if (direction == Direction.FORWARD) {
      forward(printer, from, to);
    } else {
      List<LogLine> found = backward(from, to);
      for (int i = found.size() - 1; i >= 0; i--) {
        printer.print(found.get(i), false);
      }
    }
    printer.flush();
  }

  /** Page after page; a page begins with the time the last one ended with. */
  private void forward(LogPrinter printer, long from, long to) {
    long next = from;
    Set<LogLine> atBorder = new HashSet<>();
    int left = limit;
    while (left > 0) {
      List<LogLine> page = fetch(query, next, to, page(left, atBorder), Direction.FORWARD);
      List<LogLine> news = page.stream().filter(line -> !atBorder.contains(line)).toList();
      for (LogLine line : news.subList(0, Math.min(left, news.size()))) {
        printer.print(line, false);
      }
      left -= news.size();
      if (news.isEmpty() || page.size() < page(left + news.size(), atBorder)) {
        return;
      }
      next = page.getLast().timeNs();
      remember(page, next, atBorder);
    }
  }

  /** The last ones, the newest first. */
  private List<LogLine> backward(long from, long to) {
    List<LogLine> found = new ArrayList<>();
    long next = to;
    Set<LogLine> atBorder = new HashSet<>();
    while (found.size() < limit) {
      int wanted = page(limit - found.size(), atBorder);
      List<LogLine> page = fetch(query, from, next, wanted, Direction.BACKWARD);
      List<LogLine> news = page.stream().filter(line -> !atBorder.contains(line)).toList();
      found.addAll(news.subList(0, Math.min(limit - found.size(), news.size())));
      if (news.isEmpty() || page.size() < wanted) {
        break;
      }
      next = page.getLast().timeNs() + 1;
      remember(page, page.getLast().timeNs(), atBorder);
    }
    return found;
  }

  private static int page(int left, Set<LogLine> atBorder) {
    return Math.min(PAGE, left + atBorder.size());
  }

  private static void remember(List<LogLine> page, long timeNs, Set<LogLine> atBorder) {
    atBorder.removeIf(line -> line.timeNs() != timeNs);
    page.stream().filter(line -> line.timeNs() == timeNs).forEach(atBorder::add);
  }

  private List<LogLine> fetch(String text, long from, long to, int count, Direction order) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("query", text);
    parameters.put("start", Long.toString(from));
    parameters.put("end", Long.toString(to));
    parameters.put("limit", Integer.toString(count));
    parameters.put("direction", order.name().toLowerCase(Locale.ROOT));
    Object answer =
        connection.postForm("/loki/api/v1/query_range", parameters, FLAGS, "categorize-labels");
    if (!(answer instanceof Map<?, ?> map) || !(map.get("data") instanceof Map<?, ?> data)) {
      throw new CommandFailed("the server's answer is not one of Loki's API");
    }
    if (!"streams".equals(data.get("resultType"))) {
      throw new CommandFailed(
          "the query gives numbers, not entries; leave count_over_time and the like out");
    }
    Comparator<LogLine> byTime = Comparator.comparingLong(LogLine::timeNs);
    List<LogLine> lines = LogLine.of(data.get("result"));
    lines.sort(order == Direction.FORWARD ? byTime : byTime.reversed());
    return lines;
  }

  private void printWithContext(LogPrinter printer, long from, long to) {
    List<LogLine> hits = backward(from, to);
    Map<String, List<LogLine>> byStream = new LinkedHashMap<>();
    for (int i = hits.size() - 1; i >= 0; i--) {
      byStream.computeIfAbsent(hits.get(i).selector(), _ -> new ArrayList<>()).add(hits.get(i));
    }
    boolean first = true;
    for (Map.Entry<String, List<LogLine>> stream : byStream.entrySet()) {
      Set<String> wanted = new HashSet<>();
      stream.getValue().forEach(hit -> wanted.add(hit.timeNs() + hit.line()));
      Set<String> shown = new HashSet<>();
      for (LogLine hit : stream.getValue()) {
        List<LogLine> around = around(stream.getKey(), hit);
        boolean continued =
            around.stream().anyMatch(line -> shown.contains(line.timeNs() + line.line()));
        if (!first && !continued) {
          printer.separator();
        }
        first = false;
        for (LogLine line : around) {
          if (shown.add(line.timeNs() + line.line())) {
            printer.print(line, !wanted.contains(line.timeNs() + line.line()));
          }
        }
      }
    }
  }

  private List<LogLine> around(String selector, LogLine hit) {
    long day = 86_400_000_000_000L;
    List<LogLine> before =
        fetch(selector, hit.timeNs() - day, hit.timeNs(), context, Direction.BACKWARD);
    List<LogLine> around = new ArrayList<>(before.reversed());
    around.addAll(
        fetch(selector, hit.timeNs(), hit.timeNs() + day, context + 1, Direction.FORWARD));
    return around;
  }

  private void tail(LogPrinter printer) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("query", query);
    parameters.put("limit", Integer.toString(Math.min(limit, PAGE)));
    long now = System.currentTimeMillis() * 1_000_000;
    parameters.put(
        "start", Long.toString(start != null ? nanos("--start", start) : now - duration(since)));
    connection.listen("/loki/api/v1/tail", parameters, new Listener(printer));
  }

  /** Prints what comes. */
  private final class Listener implements WebSocket.Listener {

    private final LogPrinter printer;
    private final StringBuilder text = new StringBuilder();

    Listener(LogPrinter printer) {
      this.printer = printer;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        show(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    private void show(String message) {
      try {
        if (JsonTree.parse(new JsonFactory(), message) instanceof Map<?, ?> map) {
          List<LogLine> lines = LogLine.of(map.get("streams"));
          lines.sort(Comparator.comparingLong(LogLine::timeNs));
          lines.forEach(line -> printer.print(line, false));
          if (map.get("dropped_entries") instanceof List<?> dropped && !dropped.isEmpty()) {
            spec.commandLine().getErr().println("warning: too slow, entries were left out");
          }
          printer.flush();
        }
      } catch (IOException e) {
        spec.commandLine().getErr().println("warning: a message is not JSON: " + e.getMessage());
      }
    }
  }

  private static long duration(String text) {
    try {
      return PrometheusDuration.parse(text).toNanos();
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private static long nanos(String option, String text) {
    return TimeArgument.millis(option, text) * 1_000_000;
  }
}
