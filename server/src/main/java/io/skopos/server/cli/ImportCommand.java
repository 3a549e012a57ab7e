// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.skopos.buckets.BucketObjectStore;
import io.skopos.metrics.exposition.ExpositionFormat;
import io.skopos.metrics.tsdb.block.BlockFiles;
import io.skopos.metrics.tsdb.block.BlockFolder;
import io.skopos.metrics.tsdb.block.FolderFiles;
import io.skopos.metrics.tsdb.bucket.BucketLayout;
import io.skopos.metrics.tsdb.bucket.ListedBlock;
import io.skopos.metrics.tsdb.bucket.ObjectFiles;
import io.skopos.metrics.tsdb.chunk.AggregateChunk.Aggregate;
import io.skopos.model.TimeRange;
import io.skopos.server.cli.transfer.BlockImport;
import io.skopos.server.cli.transfer.ImportOptions;
import io.skopos.server.cli.transfer.Problems;
import io.skopos.server.cli.transfer.Progress;
import io.skopos.server.cli.transfer.SeriesFilter;
import io.skopos.server.cli.transfer.ServerSession;
import io.skopos.server.cli.transfer.TextImport;
import io.skopos.server.cli.transfer.TransferFailed;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings samples and log entries of other systems in. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Imports samples: blocks of Prometheus, Thanos and Mimir, or text with times;",
      "and log entries: an object of JSON on each line."
    },
    subcommands = {
      ImportCommand.Blocks.class,
      ImportCommand.OpenMetrics.class,
      ImportCommand.PrometheusText.class,
      LogImportCommand.class
    })
final class ImportCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** What all imports can be told. */
  static final class Common {

    @Option(
        names = "--match",
        paramLabel = "SELECTOR",
        description = "Only these series, e.g. '{job=\"api\"}'; several times: any of them.")
    private List<String> match = new ArrayList<>();

    @Option(
        names = "--start",
        paramLabel = "TIME",
        description = "Only samples from here on: RFC 3339 or Unix seconds.")
    private @Nullable String start;

    @Option(names = "--end", paramLabel = "TIME", description = "Only samples up to here.")
    private @Nullable String end;

    @Option(
        names = "--label",
        paramLabel = "NAME=VALUE",
        description = "A label to set on every series; may be given several times.")
    private Map<String, String> labels = Map.of();

    @Option(names = "--dry-run", description = "Reads and counts, sends nothing.")
    private boolean dryRun;

    @Option(
        names = "--max-rate",
        paramLabel = "SAMPLES",
        defaultValue = "0",
        description = "At most so many samples a second (default: as fast as it goes).")
    private double maxRate;

    @Option(
        names = "--retry-for",
        paramLabel = "SECONDS",
        defaultValue = "300",
        description =
            "Repeats a write that may pass later for so long (default: ${DEFAULT-VALUE}).")
    private long retrySeconds;

    @Option(names = "--no-progress", description = "Shows no progress.")
    private boolean noProgress;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Connection connection;

    ServerSession session() {
      return connection.session();
    }

    Progress progress(PrintWriter err) {
      return noProgress ? Progress.silent("samples") : new Progress(err, Terminal.isOne());
    }

    ImportOptions options(
        Set<Aggregate> aggregates, boolean externalLabels, boolean verify, Path state) {
      TimeRange range =
          new TimeRange(
              start == null ? TimeRange.ALL.fromMs() : TimeArgument.millis("--start", start),
              end == null ? TimeRange.ALL.toMs() : TimeArgument.millis("--end", end));
      return new ImportOptions(
          SeriesFilter.parse(match),
          range,
          labels,
          aggregates,
          externalLabels,
          dryRun,
          verify,
          Duration.ofSeconds(retrySeconds),
          maxRate,
          state);
    }
  }

  /** {@code skopos import blocks}. */
  @Command(
      name = "blocks",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Imports blocks: a block, a Prometheus data directory or snapshot, or a Thanos or Mimir",
        "bucket, on disk or where it is, raw and downsampled. Can be broken off and started again."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  skopos import blocks /var/lib/prometheus/snapshots/20260101T000000Z-1 --verify",
        "  skopos import blocks bucket/ --aggregates all --label cluster=eu",
        "  skopos import blocks mimir-bucket/team-a --tenant team-a",
        "  skopos import blocks s3://thanos --region eu-central-1 --start 2025-01-01T00:00:00Z"
      })
  static final class Blocks implements Callable<Integer> {

    @Parameters(
        paramLabel = "FOLDER",
        arity = "1..*",
        description = {
          "Blocks, or folders that hold some; or s3://BUCKET/PREFIX, azure://CONTAINER/PREFIX or",
          "gs://BUCKET/PREFIX."
        })
    private List<String> folders = List.of();

    @Mixin private StoreOptions store = new StoreOptions();

    @Option(
        names = "--aggregates",
        paramLabel = "LIST",
        defaultValue = "none",
        description = {
          "Of downsampled blocks, which aggregates become series named NAME:5m:count and so on:",
          "all, none, or some of count,sum,min,max,counter (default: ${DEFAULT-VALUE})."
        })
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String aggregates;

    @Option(
        names = "--no-external-labels",
        description = "Leaves out the external labels of Thanos' and Mimir's blocks.")
    private boolean noExternalLabels;

    @Option(
        names = "--verify",
        description = "Asks the server after each block whether it has as many samples.")
    private boolean verify;

    @Option(
        names = "--state",
        paramLabel = "FILE",
        defaultValue = "skopos-import.state",
        description = "Where to note what is done, to go on from (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path state;

    @Mixin private Common common = new Common();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      PrintWriter err = spec.commandLine().getErr();
      Problems problems = new Problems(err, Terminal.isOne());
      List<BucketObjectStore> opened = new ArrayList<>();
      try (ServerSession session = common.session();
          AutoCloseable _ = () -> opened.forEach(BucketObjectStore::close)) {
        List<BlockFiles> blocks = blocks(err, opened);
        BlockImport.Result result =
            new BlockImport(
                    session,
                    common.options(chosen(), !noExternalLabels, verify, state),
                    common.progress(err),
                    problems)
                .run(blocks);
        spec.commandLine()
            .getOut()
            .println(
                String.format(
                    Locale.ROOT,
                    "%s%,d blocks, %,d series, %,d samples in %.1f s%s",
                    common.dryRun ? "would import " : result.resumed() ? "went on: " : "imported ",
                    result.blocks(),
                    result.series(),
                    result.samples(),
                    result.seconds(),
                    problems.ending()));
        return problems.count() == 0 ? 0 : 1;
      } catch (TransferFailed e) {
        throw CommandFailed.by(e, state);
      }
    }

    private List<BlockFiles> blocks(PrintWriter err, List<BucketObjectStore> opened)
        throws IOException {
      Map<String, BlockFiles> found = new LinkedHashMap<>();
      Set<String> places = new LinkedHashSet<>();
      for (String folder : folders) {
        List<BlockFiles> below =
            folder.contains("://") ? inBucket(folder, err, opened) : inFolder(Path.of(folder), err);
        if (below.isEmpty()) {
          throw new CommandFailed("there is no block in " + folder);
        }
        for (BlockFiles block : below) {
          found.putIfAbsent(block.name(), block);
          if (!block.name().equals(folder)) {
            places.add(block.place());
          }
        }
      }
      if (places.size() > 1) {
        err.println(
            "notice: the blocks lie in "
                + places.size()
                + " folders; if these are tenants of a Mimir bucket, import each one with its"
                + " --tenant: "
                + String.join(", ", places));
      }
      return List.copyOf(found.values());
    }

    private static List<BlockFiles> inFolder(Path folder, PrintWriter err) throws IOException {
      if (!Files.isDirectory(folder)) {
        throw new CommandFailed(folder + " is no folder");
      }
      List<BlockFiles> blocks = new ArrayList<>();
      for (Path block : BlockFolder.find(folder, notice -> err.println("notice: " + notice))) {
        blocks.add(new FolderFiles(block));
      }
      return blocks;
    }

    /** Reads only: nothing is tried out that would write. */
    private List<BlockFiles> inBucket(
        String address, PrintWriter err, List<BucketObjectStore> opened) throws IOException {
      BucketObjectStore bucket = store.openUntried(address);
      opened.add(bucket);
      List<BlockFiles> blocks = new ArrayList<>();
      for (ListedBlock block : BucketLayout.list(bucket)) {
        ObjectFiles files = ObjectFiles.direct(block, bucket.description(), bucket);
        if (block.marked()) {
          err.println("notice: " + files.name() + ": marked for deletion, passed over");
        } else if (!block.isWhole()) {
          err.println(
              "notice: "
                  + files.name()
                  + ": has no index or no meta.json, passed over: it was not wholly written");
        } else {
          blocks.add(files);
        }
      }
      return blocks;
    }

    private Set<Aggregate> chosen() {
      Set<Aggregate> chosen = EnumSet.noneOf(Aggregate.class);
      for (String word : aggregates.split(",")) {
        switch (word.strip().toLowerCase(Locale.ROOT)) {
          case "all" -> chosen.addAll(List.of(Aggregate.values()));
          case "none" -> {
            // None more.
          }
          default -> {
            try {
              chosen.add(Aggregate.valueOf(word.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
              throw new CommandFailed(
                  "--aggregates: '"
                      + word
                      + "' is none of all, none, count, sum, min, max, counter",
                  e);
            }
          }
        }
      }
      return chosen;
    }
  }

  private static int text(
      ExpositionFormat format, List<Path> files, Common common, CommandSpec spec)
      throws IOException, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    Problems problems = new Problems(err, Terminal.isOne());
    Progress progress = common.progress(err);
    try (ServerSession session = common.session()) {
      TextImport text =
          new TextImport(
              session,
              format,
              common.options(Set.of(), false, false, Path.of("")),
              progress,
              problems);
      for (Path file : files) {
        if (file.toString().equals("-")) {
          text.run(file, System.in, 0);
        } else {
          try (InputStream in = Files.newInputStream(file)) {
            text.run(file, in, Files.size(file));
          } catch (java.nio.file.NoSuchFileException e) {
            throw new CommandFailed("there is no file " + file, e);
          }
        }
      }
    } catch (TransferFailed e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
    spec.commandLine()
        .getOut()
        .println(
            String.format(
                Locale.ROOT,
                "%s %,d samples%s",
                common.dryRun ? "would import" : "imported",
                progress.samples(),
                problems.ending()));
    return problems.count() == 0 ? 0 : 1;
  }

  /** {@code skopos import openmetrics}. */
  @Command(
      name = "openmetrics",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Imports OpenMetrics text; every sample needs a time.")
  static final class OpenMetrics implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files; - is standard input.")
    private List<Path> files = List.of();

    @Mixin private Common common = new Common();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      return text(ExpositionFormat.OPENMETRICS, files, common, spec);
    }
  }

  /** {@code skopos import prometheus-text}. */
  @Command(
      name = "prometheus-text",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Imports text 0.0.4; every sample needs a time (in milliseconds).")
  static final class PrometheusText implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files; - is standard input.")
    private List<Path> files = List.of();

    @Mixin private Common common = new Common();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      return text(ExpositionFormat.TEXT, files, common, spec);
    }
  }
}
