// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.skopos.buckets.ObjectStores;
import io.skopos.server.backup.Backup;
import io.skopos.server.backup.TransferLog;
import io.skopos.storage.disk.DiskLock;
import io.skopos.storage.disk.RealDisk;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Copies a data directory to a store. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Copies a data directory to a directory or a bucket, only what is not there yet. Of a running",
      "server through a snapshot (needs query.admin_api: true), of a stopped one directly. Can be",
      "broken off and started again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  skopos backup --data /var/lib/skopos --to /mnt/backups/skopos",
      "  skopos backup --to s3://backups/skopos --endpoint https://minio.example.org:9000 \\",
      "      --access-key skopos --secret-key-file /etc/skopos/secret --keep 14"
    })
final class BackupCommand implements Callable<Integer> {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "The data directory (default: ./${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path data;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "STORE",
      description = StoreOptions.ADDRESSES)
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String target;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "Removes older backups beyond the latest N afterwards (default: keeps all).")
  private @Nullable Integer keep;

  @Option(names = "--json", description = "Prints the result as JSON.")
  private boolean json;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private StoreOptions options;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Connection connection;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    if (keep != null && keep < 1) {
      throw new CommandFailed("--keep must be at least 1");
    }
    PrintWriter err = spec.commandLine().getErr();
    TransferLog log = TransferLog.to(err);
    try (ObjectStores.OpenedStore opened = options.open(target)) {
      Backup backup = new Backup(opened.store(), log);
      tell(run(backup), opened.description());
      if (keep != null) {
        long removed = backup.keep(keep);
        if (removed > 0) {
          err.println("removed " + removed + " objects of older backups");
        }
      }
      return 0;
    } catch (IOException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private Backup.Result run(Backup backup) throws IOException {
    if (!Files.isRegularFile(data.resolve("format"))) {
      throw new CommandFailed(data + " is no data directory (--data)");
    }
    try (DiskLock lock = new RealDisk().tryLock(data.resolve("lock"))) {
      if (lock != null) {
        return backup.run(data, Instant.now());
      }
    }
    String name = snapshot();
    Path snapshot = data.resolve("snapshots").resolve(name);
    try {
      return backup.run(snapshot, Instant.now());
    } finally {
      delete(snapshot);
    }
  }

  private String snapshot() {
    Object answer = connection.orLocal(data).postForm("/api/v1/admin/tsdb/snapshot", Map.of());
    if (answer instanceof Map<?, ?> map
        && map.get("data") instanceof Map<?, ?> made
        && made.get("name") instanceof String name
        && name.matches("[0-9A-Za-z-]+")) {
      return name;
    }
    throw new CommandFailed("the server's answer names no snapshot: " + answer);
  }

  private void tell(Backup.Result result, String where) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          JsonLine.of(
              List.of("backup", "files", "bytes", "copiedFiles", "copiedBytes"),
              List.of(
                  result.name(),
                  result.files(),
                  result.bytes(),
                  result.copiedFiles(),
                  result.copiedBytes())));
    } else {
      out.println(
          "backup "
              + result.name()
              + " in "
              + where
              + ": "
              + result.files()
              + " files, "
              + TransferLog.size(result.bytes())
              + "; copied "
              + result.copiedFiles()
              + " files, "
              + TransferLog.size(result.copiedBytes()));
    }
    out.flush();
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
