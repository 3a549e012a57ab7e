// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.skopos.server.cli.transfer.LogImport;
import io.skopos.server.cli.transfer.Problems;
import io.skopos.server.cli.transfer.Progress;
import io.skopos.server.cli.transfer.ServerSession;
import io.skopos.server.cli.transfer.TransferFailed;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skopos import logs}. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Imports log entries, an object of JSON on each line: what 'skopos logs -o jsonl' and",
      "'logcli query -o jsonl' write, or any shipper's. Can be broken off and started again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  skopos import logs shop.jsonl",
      "  logcli query '{app=\"shop\"}' --since 720h --limit 0 -o jsonl -q | skopos import logs -",
      "  skopos import logs app.ndjson.gz --time-field ts --line-field msg --stream-fields app,env"
    })
final class LogImportCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Files, those named .gz unpacked; - is standard input.")
  private List<Path> files = List.of();

  @Option(
      names = "--time-field",
      paramLabel = "NAMES",
      description =
          "Fields with the time, the first there is: RFC 3339, or Unix time in any unit (default:"
              + " timestamp,_time,@timestamp,time,ts).")
  private @Nullable String timeField;

  @Option(
      names = "--line-field",
      paramLabel = "NAMES",
      description =
          "Fields with the line, the first there is (default: line,_msg,message,msg,log).")
  private @Nullable String lineField;

  @Option(
      names = "--stream-fields",
      paramLabel = "NAMES",
      description = "Fields that become labels of the stream, beside those of the field labels.")
  private @Nullable String streamFields;

  @Option(
      names = "--ignore-fields",
      paramLabel = "NAMES",
      description = "Fields that are left out; 'tmp.*' is any that begins so.")
  private @Nullable String ignoreFields;

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      description = "A label to set on every stream; may be given several times.")
  private Map<String, String> labels = Map.of();

  @Option(names = "--dry-run", description = "Reads and counts, sends nothing.")
  private boolean dryRun;

  @Option(
      names = "--max-rate",
      paramLabel = "ENTRIES",
      defaultValue = "0",
      description = "At most so many entries a second (default: as fast as it goes).")
  private double maxRate;

  @Option(
      names = "--retry-for",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "Repeats a write that may pass later for so long (default: ${DEFAULT-VALUE}).")
  private long retrySeconds;

  @Option(
      names = "--state",
      paramLabel = "FILE",
      defaultValue = "skopos-import-logs.state",
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
    boolean standardInput = files.contains(Path.of("-"));
    if (standardInput && files.size() > 1) {
      throw new CommandFailed("standard input is imported alone");
    }
    for (Path file : files) {
      if (!standardInput && !Files.isRegularFile(file)) {
        throw new CommandFailed("there is no file " + file);
      }
    }
    PrintWriter err = spec.commandLine().getErr();
    boolean terminal = Terminal.isOne();
    Problems problems = new Problems(err, terminal);
    Progress progress =
        noProgress ? Progress.silent("entries") : new Progress(err, terminal, "entries");
    try (ServerSession session = connection.session()) {
      LogImport.Options options =
          new LogImport.Options(fields(), dryRun, Duration.ofSeconds(retrySeconds), maxRate, state);
      LogImport logs = new LogImport(session, options, progress, problems);
      LogImport.Result result = standardInput ? logs.run(System.in) : logs.run(files);
      spec.commandLine()
          .getOut()
          .println(
              String.format(
                  Locale.ROOT,
                  "%s%,d entries%s",
                  dryRun ? "would import " : result.resumed() ? "went on: " : "imported ",
                  result.entries(),
                  problems.ending()));
      return problems.count() == 0 ? 0 : 1;
    } catch (TransferFailed e) {
      throw CommandFailed.by(e, state);
    }
  }

  /** The endpoint's parameters. */
  private Map<String, String> fields() {
    Map<String, String> fields = new TreeMap<>();
    put(fields, "_time_field", timeField);
    put(fields, "_msg_field", lineField);
    put(fields, "_stream_fields", streamFields);
    put(fields, "ignore_fields", ignoreFields);
    StringBuilder extra = new StringBuilder();
    labels.forEach((name, value) -> {
      if (value.indexOf(',') >= 0) {
        throw new CommandFailed("--label: the value of " + name + " must not have a comma");
      }
      extra.append(extra.isEmpty() ? "" : ",").append(name).append('=').append(value);
    });
    put(fields, "extra_fields", extra.isEmpty() ? null : extra.toString());
    return fields;
  }

  private static void put(Map<String, String> fields, String name, @Nullable String value) {
    if (value != null) {
      fields.put(name, value);
    }
  }
}
