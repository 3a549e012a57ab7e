// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.skopos.server.config.ConfigException;
import io.skopos.server.config.ConfigLoader;
import io.skopos.server.config.LoadedConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at files before a server does. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Says what is wrong with a file before a server meets it.",
    subcommands = {CheckCommand.Config.class, CheckRules.class})
final class CheckCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** {@code skopos check config FILE}. */
  @Command(
      name = "config",
      mixinStandardHelpOptions = true,
      description =
          "Checks a skopos.yml or prometheus.yml; exit status 1 when a server would refuse it.")
  static final class Config implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "The config.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Option(
        names = "--strict",
        description = "Refuse sections that are accepted and do nothing yet.")
    private boolean strict;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      LoadedConfig loaded;
      try {
        loaded = ConfigLoader.load(file, Map.of());
      } catch (ConfigException e) {
        out.println(file + " would be refused:");
        out.println(ConfigOptions.listed(e.problems()));
        return 1;
      }
      if (!loaded.notices().isEmpty()) {
        out.println(file + ": accepted, but not all of it does something yet:");
        loaded.notices().forEach(notice -> out.println("  " + notice));
        return strict ? 1 : 0;
      }
      out.println(file + " is fine");
      return 0;
    }
  }
}
