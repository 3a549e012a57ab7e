// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.skopos.buckets.ObjectStores;
import io.skopos.server.backup.Restore;
import io.skopos.server.backup.TransferLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a data directory of a backup. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a data directory of a backup, checking every file. Can be broken off and started",
      "again. With --list or --verify nothing is written."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  skopos restore --from /mnt/backups/skopos --list",
      "  skopos restore --from /mnt/backups/skopos --verify",
      "  skopos restore --from s3://backups/skopos --region eu-central-1 --data /var/lib/skopos"
    })
final class RestoreCommand implements Callable<Integer> {

  @Option(
      names = "--from",
      required = true,
      paramLabel = "STORE",
      description = StoreOptions.ADDRESSES)
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String source;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "An empty or new directory (default: ./${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path data;

  @Option(
      names = "--backup",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Which one (default: the latest).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String name;

  @Option(names = "--list", description = "Lists the backups.")
  private boolean list;

  @Option(names = "--verify", description = "Reads the backup and compares it with its catalog.")
  private boolean verify;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private StoreOptions options;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    TransferLog log = TransferLog.to(spec.commandLine().getErr());
    try (ObjectStores.OpenedStore opened = options.open(source)) {
      if (list) {
        Restore.names(opened.store()).forEach(out::println);
        return 0;
      }
      Restore restore = new Restore(opened.store(), log);
      if (verify) {
        List<String> problems = restore.verify(name);
        problems.forEach(out::println);
        out.println(
            problems.isEmpty() ? "all files are whole" : problems.size() + " files are damaged");
        return problems.isEmpty() ? 0 : 1;
      }
      Restore.Result result = restore.run(name, data);
      out.println(
          "restored "
              + result.name()
              + " into "
              + data
              + ": "
              + result.files()
              + " files, "
              + TransferLog.size(result.bytes())
              + "; fetched "
              + result.fetchedFiles()
              + " of them");
      return 0;
    } catch (IOException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    } finally {
      out.flush();
    }
  }
}
