// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class PlainServerStartTest {

  private static final List<List<String>> PLAIN =
      List.of(
          List.of("server"),
          List.of("server", "--data", "/var/lib/skopos"),
          List.of("server", "--data=/var/lib/skopos", "--strict"),
          List.of("server", "--config", "prometheus.yml", "--listen", "0.0.0.0:4900"),
          List.of("server", "--config=a=b.yml", "--listen=:4900", "--memory=2GiB"),
          List.of("server", "--set", "a.b=c", "--set=d.e=f=g", "--set", "a.b=later"),
          List.of("server", "--memory", "512MiB", "--set", "empty="));

  private static final List<List<String>> NOT_PLAIN =
      List.of(
          List.of("query", "up"),
          List.of("server", "--help"),
          List.of("server", "--data"),
          List.of("server", "--data", "--strict"),
          List.of("server", "--data", "a", "--data", "b"),
          List.of("server", "--strict=true"),
          List.of("server", "--set", "novalue"),
          List.of("server", "--set", "a='b c'"),
          List.of("server", "--listen="),
          List.of("server", "--unknown", "x"),
          List.of("server", "@arguments"),
          List.of("server", "extra"));

  @Test
  void understandsWhatTheFullCommandLineUnderstands() {
    for (List<String> arguments : PLAIN) {
      String[] given = arguments.toArray(String[]::new);
      PlainServerStart plain = Objects.requireNonNull(PlainServerStart.of(given));
      CommandLine full = SkoposCommand.commandLine();
      CommandLine server = full.parseArgs(given).subcommand().commandSpec().commandLine();
      ConfigOptions options =
          (ConfigOptions)
              Objects.requireNonNull(server.getCommandSpec().mixins().get("config")).userObject();
      assertThat(plain.data()).as("%s", arguments).isEqualTo(value(server, "--data"));
      assertThat(plain.memory()).as("%s", arguments).isEqualTo(value(server, "--memory"));
      assertThat(plain.config().flags()).as("%s", arguments).isEqualTo(options.flags());
    }
    assertThat(Objects.requireNonNull(PlainServerStart.of("server")).data())
        .isEqualTo(Path.of("data"));
  }

  @Test
  void leavesEverythingElseToTheFullCommandLine() {
    for (List<String> arguments : NOT_PLAIN) {
      assertThat(PlainServerStart.of(arguments.toArray(String[]::new)))
          .as("%s", arguments)
          .isNull();
    }
  }

  private static @Nullable Object value(CommandLine command, String option) {
    OptionSpec spec = command.getCommandSpec().findOption(option);
    return spec.getValue();
  }
}
