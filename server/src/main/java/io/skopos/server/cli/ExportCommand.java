// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.skopos.model.TimeRange;
import io.skopos.model.config.PrometheusDuration;
import io.skopos.server.cli.transfer.ExportPlan;
import io.skopos.server.cli.transfer.Problems;
import io.skopos.server.cli.transfer.Progress;
import io.skopos.server.cli.transfer.SeriesExport;
import io.skopos.server.cli.transfer.ServerSession;
import io.skopos.server.cli.transfer.TransferFailed;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes samples out. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Exports samples as blocks for Prometheus, as OpenMetrics text, or to a receiver of remote",
      "write. Can be broken off and started again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  skopos export --format blocks --output blocks/ --start 2026-01-01T00:00:00Z",
      "  skopos export --format openmetrics --match 'up' --output up.txt",
      "  skopos export --format remote-write --to http://127.0.0.1:9090/api/v1/write --max-rate 100000"
    })
final class ExportCommand implements Callable<Integer> {

  private static final long DAY_MS = 86_400_000L;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      required = true,
      description = "blocks, openmetrics or remote-write.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String format;

  @Option(
      names = "--match",
      paramLabel = "SELECTOR",
      defaultValue = "{__name__!=\"\"}",
      description = "Which series, e.g. '{job=\"api\"}' (default: all).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String match;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      description = "From here on: RFC 3339 or Unix seconds (default: the first sample).")
  private @Nullable String start;

  @Option(names = "--end", paramLabel = "TIME", description = "Up to here (default: now).")
  private @Nullable String end;

  @Option(
      names = "--output",
      paramLabel = "PATH",
      description = "Folder of the blocks, or file of the text (default: standard output).")
  private @Nullable Path output;

  @Option(
      names = "--to",
      paramLabel = "URL",
      description = "The receiver of remote write, with its path.")
  private @Nullable String to;

  @Option(
      names = "--to-tenant",
      paramLabel = "ID",
      description = "Sent to the receiver as X-Scope-OrgID.")
  private @Nullable String toTenant;

  @Option(
      names = "--to-token-file",
      paramLabel = "FILE",
      description = "A file with a bearer token for the receiver.")
  private @Nullable Path toTokenFile;

  @Option(
      names = "--to-basic-auth-file",
      paramLabel = "FILE",
      description = "A file with user:password for the receiver.")
  private @Nullable Path toBasicAuthFile;

  @Option(
      names = "--max-rate",
      paramLabel = "SAMPLES",
      defaultValue = "0",
      description = "At most so many samples a second to the receiver (default: any number).")
  private double maxRate;

  @Option(
      names = "--retry-for",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "Repeats a write that may pass later for so long (default: ${DEFAULT-VALUE}).")
  private long retrySeconds;

  @Option(
      names = "--window",
      paramLabel = "DURATION",
      description = {
        "How much time to ask for at once; a block is as long. At most 30d",
        "(default: 2h for blocks, 1d for text, 30m for remote write)."
      })
  private @Nullable String window;

  @Option(
      names = "--state",
      paramLabel = "FILE",
      defaultValue = "skopos-export.state",
      description = "Where to note what is done, to go on from (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path state;

  @Option(names = "--no-progress", description = "Shows no progress.")
  private boolean noProgress;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Connection connection;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ExportPlan.Format kind = kind();
    PrintWriter err = spec.commandLine().getErr();
    Problems problems = new Problems(err, Terminal.isOne());
    try (ServerSession session = connection.session();
        ServerSession target = target(kind)) {
      TimeRange range = range();
      ExportPlan plan =
          new ExportPlan(
              kind,
              match,
              range,
              windowMs(kind),
              output,
              target,
              target == null ? "" : path(),
              maxRate,
              Duration.ofSeconds(retrySeconds),
              state);
      SeriesExport.Result result =
          plan.run(
              session,
              noProgress ? Progress.silent("samples") : new Progress(err, Terminal.isOne()),
              problems);
      // Standard output may be the text.
      err.println(
          String.format(
              Locale.ROOT,
              "%s %,d samples in %.1f s%s",
              result.resumed() ? "went on: exported" : "exported",
              result.samples(),
              result.seconds(),
              problems.ending()));
      err.flush();
      return problems.count() == 0 ? 0 : 1;
    } catch (TransferFailed e) {
      throw CommandFailed.by(e, state);
    }
  }

  private ExportPlan.Format kind() {
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "blocks" -> {
        if (output == null) {
          throw new CommandFailed("--format blocks needs --output FOLDER");
        }
        yield ExportPlan.Format.BLOCKS;
      }
      case "openmetrics" -> ExportPlan.Format.OPENMETRICS;
      case "remote-write" -> {
        if (to == null) {
          throw new CommandFailed("--format remote-write needs --to URL");
        }
        yield ExportPlan.Format.REMOTE_WRITE;
      }
      default ->
          throw new CommandFailed(
              "--format " + format + " is none of blocks, openmetrics and remote-write");
    };
  }

  private TimeRange range() {
    long from = start == null ? firstSample() : TimeArgument.millis("--start", start);
    long until = end == null ? System.currentTimeMillis() : TimeArgument.millis("--end", end);
    if (until < from) {
      throw new CommandFailed("--end is before --start");
    }
    return new TimeRange(from, until);
  }

  private long firstSample() {
    if (connection.get("/api/v1/status/tsdb") instanceof Map<?, ?> answer
        && answer.get("data") instanceof Map<?, ?> data
        && data.get("headStats") instanceof Map<?, ?> stats
        && stats.get("minTime") instanceof Double first
        && first < Long.MAX_VALUE / 2) {
      return first.longValue();
    }
    throw new CommandFailed("the server has no samples; or give --start");
  }

  private long windowMs(ExportPlan.Format kind) {
    long chosen =
        switch (kind) {
          case BLOCKS -> DAY_MS / 12;
          case OPENMETRICS -> DAY_MS;
          // A Prometheus takes nothing that is an hour older than what it has.
          case REMOTE_WRITE -> DAY_MS / 48;
        };
    if (window != null) {
      try {
        chosen = PrometheusDuration.parse(window).toMillis();
      } catch (IllegalArgumentException e) {
        throw new CommandFailed("--window " + window + ": " + e.getMessage(), e);
      }
    }
    if (chosen < 60_000 || chosen > 30 * DAY_MS) {
      throw new CommandFailed("--window must be between 1m and 30d");
    }
    return chosen;
  }

  private @Nullable ServerSession target(ExportPlan.Format kind) {
    return kind == ExportPlan.Format.REMOTE_WRITE && to != null
        ? Connection.session(origin(to), toTenant, toTokenFile, toBasicAuthFile)
        : null;
  }

  private static String origin(String url) {
    URI uri = uri(url);
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  private String path() {
    URI uri = uri(to == null ? "" : to);
    String path = uri.getRawPath();
    return (path == null || path.isEmpty() ? "/" : path)
        + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
  }

  private static URI uri(String url) {
    try {
      URI uri = URI.create(url);
      if (uri.getScheme() != null && uri.getRawAuthority() != null) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // Falls through to the one message.
    }
    throw new CommandFailed(
        "--to " + url + " is no URL such as http://127.0.0.1:9090/api/v1/write");
  }
}
