// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.skopos.model.config.PrometheusDuration;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks a running server. */
@Command(
    name = "query",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Asks a running server in PromQL, for one instant or over a range.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  skopos query up",
      "  skopos query 'sum by (mode) (rate(node_cpu_seconds_total[1m]))' --range 1h",
      "  skopos query 'node_load1' --start 2026-01-31T10:00:00Z --end 2026-01-31T12:00:00Z --step 1m --output csv"
    })
final class QueryCommand implements Runnable {

  /** How the answer is written. */
  enum Output {
    TABLE,
    JSON,
    CSV
  }

  @Parameters(paramLabel = "PROMQL", description = "The query.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String query;

  @Option(
      names = "--range",
      arity = "0..1",
      fallbackValue = "1h",
      paramLabel = "DURATION",
      description =
          "Over the time up to now (or --end), e.g. 30m; without a value: ${FALLBACK-VALUE}.")
  private @Nullable String range;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      description = "The instant: RFC 3339 or Unix seconds (default: now).")
  private @Nullable String time;

  @Option(names = "--start", paramLabel = "TIME", description = "Begin of a range.")
  private @Nullable String start;

  @Option(names = "--end", paramLabel = "TIME", description = "End of a range (default: now).")
  private @Nullable String end;

  @Option(
      names = "--step",
      paramLabel = "DURATION",
      description = "Between points of a range (default: about 120 points).")
  private @Nullable String step;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Output output;

  @Option(
      names = "--no-chart",
      description = "No chart above a range's table (there is none outside a terminal).")
  private boolean noChart;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Connection connection;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("query", query);
    boolean overRange = range != null || start != null;
    if (overRange) {
      double to = end == null ? now() : seconds(end);
      double from = start != null ? seconds(start) : to - duration(range == null ? "1h" : range);
      if (from > to) {
        throw new CommandFailed("the range ends before it begins");
      }
      double every = step != null ? duration(step) : Math.max(1, Math.ceil((to - from) / 120));
      parameters.put("start", String.valueOf(from));
      parameters.put("end", String.valueOf(to));
      parameters.put("step", String.valueOf(every));
    } else {
      parameters.put("time", time == null ? String.valueOf(now()) : String.valueOf(seconds(time)));
    }
    Object answer =
        connection.postForm(overRange ? "/api/v1/query_range" : "/api/v1/query", parameters);
    PrintWriter out = spec.commandLine().getOut();
    QueryAnswer result = QueryAnswer.of(answer);
    for (String warning : result.warnings()) {
      spec.commandLine().getErr().println("warning: " + warning);
    }
    switch (output) {
      case JSON -> result.printJson(out);
      case CSV -> result.printCsv(out);
      case TABLE -> {
        if (overRange && !noChart && System.console() != null && System.console().isTerminal()) {
          new TerminalChart(chartWidth(), 12).print(result.series(), out);
        }
        result.printTable(out);
      }
    }
    out.flush();
  }

  private static int chartWidth() {
    String columns = System.getenv("COLUMNS");
    try {
      return columns == null ? 80 : Math.clamp(Integer.parseInt(columns), 40, 200);
    } catch (NumberFormatException e) {
      return 80;
    }
  }

  private static double now() {
    return System.currentTimeMillis() / 1000.0;
  }

  private static double duration(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      // Not plain seconds.
    }
    try {
      return PrometheusDuration.parse(text).toMillis() / 1000.0;
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private static double seconds(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      // Not Unix seconds.
    }
    try {
      return Instant.parse(text).toEpochMilli() / 1000.0;
    } catch (DateTimeParseException e) {
      throw new CommandFailed(
          "'" + text + "' is not a time; write 2026-01-31T10:00:00Z or Unix seconds", e);
    }
  }

  /** Points of one series as the chart draws them. */
  record Line(String name, List<double[]> points) {
    Line {
      points = new ArrayList<>(points);
    }
  }
}
