// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.skopos.server.BuildInfo;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The top of the command line; without a subcommand it is {@code server}. */
@Command(
    name = "skopos",
    mixinStandardHelpOptions = true,
    versionProvider = SkoposCommand.Version.class,
    sortOptions = false,
    description =
        "Watches a system of services and helps the people who run it act on what they see.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  skopos                                     start with defaults: http://127.0.0.1:4900, data in ./data",
      "  skopos server --config prometheus.yml      scrape what a Prometheus config names",
      "  skopos query 'rate(node_cpu_seconds_total{mode!=\"idle\"}[1m])' --range 30m",
      "  skopos event add 'deployed shop 1.4' --kind deploy --entity service:shop",
      "  skopos token create --name ci --tenants team-a --rights write --expires 90d",
      "  skopos check config skopos.yml             say what is wrong before a restart does",
      "",
      "Memory: SKOPOS_MEMORY=2GiB (or --memory 2GiB) bounds the whole process; heap and caches follow from it.",
      "Completion: source <(skopos completion)"
    },
    subcommands = {
      ServerCommand.class,
      CheckCommand.class,
      QueryCommand.class,
      LogsCommand.class,
      EventCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      StorageCommand.class,
      TokenCommand.class,
      SkoposCommand.Completion.class,
      TrainCommand.class,
      CommandLine.HelpCommand.class
    })
public final class SkoposCommand {

  /** What {@link #run} returns when a server was started and goes on. */
  public static final int KEEPS_RUNNING = -1;

  private SkoposCommand() {}

  public static int run(String... arguments) {
    String[] given = arguments;
    if (given.length == 0 || (given[0].startsWith("-") && !isTopOption(given[0]))) {
      given = new String[arguments.length + 1];
      given[0] = "server";
      System.arraycopy(arguments, 0, given, 1, arguments.length);
    }
    PlainServerStart plain = PlainServerStart.of(given);
    return plain == null ? commandLine().execute(given) : plain.run();
  }

  static CommandLine commandLine() {
    return new CommandLine(new SkoposCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler((exception, commandLine, parsed) -> {
          if (exception instanceof CommandFailed) {
            commandLine.getErr().println("skopos: " + exception.getMessage());
            return 1;
          }
          throw exception;
        });
  }

  private static boolean isTopOption(String option) {
    return switch (option) {
      case "-h", "--help", "-V", "--version" -> true;
      default -> false;
    };
  }

  /** Prints what {@link BuildInfo} knows. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      BuildInfo build = BuildInfo.current();
      return new String[] {
        "skopos " + build.version() + " (" + build.revision() + ")",
        "java "
            + Runtime.version()
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch")
      };
    }
  }

  /** Prints a completion script. */
  @Command(
      name = "completion",
      mixinStandardHelpOptions = true,
      description = "Prints a completion script for bash and zsh: source <(skopos completion)")
  static final class Completion implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
      spec.commandLine().getOut().print(AutoComplete.bash("skopos", commandLine()));
      spec.commandLine().getOut().flush();
    }
  }
}
