// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.skopos.server.ServerOptions;
import io.skopos.server.SkoposServer;
import io.skopos.server.StartRefused;
import io.skopos.server.config.ConfigException;
import io.skopos.storage.BucketUse;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the server until it is told to stop. */
@Command(
    name = "server",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs the server. SIGTERM drains and stops it, SIGHUP reads the config again.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  skopos server                              this machine and Skopos itself, data in ./data",
      "  skopos server --config prometheus.yml --data /var/lib/skopos",
      "  skopos server --config skopos.yml --read-only --data cache",
      "  skopos server --set storage.retention.time=30d --set storage.retention.size=100GiB",
      "",
      "All settings: docs/guide/configuration.md"
    })
final class ServerCommand implements Callable<Integer> {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "Where everything is kept (default: ./${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path data;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private ConfigOptions config;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description =
          "The budget of the whole process, e.g. 2GiB. The launcher reads it before the JVM starts"
              + " (default: 80 %% of the cgroup's limit, or half of the RAM).")
  private @Nullable String memory;

  @Option(
      names = "--read-only",
      description =
          "Only reads the bucket of another server (storage.object_store): takes no writes, scrapes"
              + " nothing, needs a data directory of its own for its cache.")
  private boolean readOnly;

  @Option(
      names = "--take-over",
      description =
          "Takes the bucket of a server that is gone for good, and rebuilds an empty data directory"
              + " from it.")
  private boolean takeOver;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    if (readOnly && takeOver) {
      throw new CommandFailed("--read-only and --take-over exclude each other");
    }
    BucketUse.Mode bucket =
        readOnly
            ? BucketUse.Mode.READ_ONLY
            : takeOver ? BucketUse.Mode.TAKE_OVER : BucketUse.Mode.OWN;
    return run(data, bucket, config, memory, spec.commandLine().getErr());
  }

  /**
   * @param memory as given on the command line
   * @return a status to exit with, or {@link SkoposCommand#KEEPS_RUNNING}
   */
  static int run(
      Path data,
      BucketUse.Mode bucket,
      ConfigOptions config,
      @Nullable String memory,
      PrintWriter problems) {
    if (memory != null && System.getProperty("skopos.memory.budget") == null) {
      throw new CommandFailed(
          "--memory works through the launcher: start with ./skopos, or set -Xmx yourself");
    }
    try {
      SkoposServer server =
          SkoposServer.start(new ServerOptions(data, bucket, config.flags(), config::load));
      server.stopWithProcess();
      return SkoposCommand.KEEPS_RUNNING;
    } catch (ConfigException e) {
      problems.println("skopos: the config cannot be used:");
      problems.println(ConfigOptions.listed(e.problems()));
      problems.flush();
      return 1;
    } catch (StartRefused e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }
}
