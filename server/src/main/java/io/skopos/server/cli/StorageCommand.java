// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.buckets.ObjectStores;
import io.skopos.model.Signal;
import io.skopos.model.config.PrometheusDuration;
import io.skopos.server.backup.TransferLog;
import io.skopos.server.config.ConfigException;
import io.skopos.server.config.ConfigLoader;
import io.skopos.server.inspect.DayInventory;
import io.skopos.server.inspect.StoreCleaning;
import io.skopos.server.inspect.StoreInventory;
import io.skopos.server.inspect.StoreVerification;
import io.skopos.storage.disk.DiskLock;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks into a data directory or a bucket. */
@Command(
    name = "storage",
    mixinStandardHelpOptions = true,
    description = {
      "Lists, verifies and cleans what lies in the data directory of a stopped server, or in a",
      "bucket."
    },
    subcommands = {StorageCommand.Ls.class, StorageCommand.Verify.class, StorageCommand.Gc.class})
final class StorageCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Which store. */
  private static final class Chosen {

    @Option(
        names = "--data",
        paramLabel = "DIR",
        defaultValue = "data",
        description = "Data directory of a stopped server (default: ./${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path data;

    @Option(
        names = "--store",
        paramLabel = "STORE",
        description = "Instead: " + StoreOptions.ADDRESSES)
    private @Nullable String address;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "Instead: the bucket of a config (storage.object_store).")
    private @Nullable Path config;

    @Option(names = "--json", description = "Prints JSON, one object a line.")
    private boolean json;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private StoreOptions options;

    boolean isBucket() {
      return address != null || config != null;
    }

    /** Does something with the store while nobody else has the directory. */
    int with(Work work) {
      try {
        if (address != null) {
          try (ObjectStores.OpenedStore opened = options.open(address)) {
            return work.on(opened.store());
          }
        }
        if (config != null) {
          try (ObjectStores.OpenedStore opened =
              ObjectStores.open(
                  ConfigLoader.load(config, Map.of()).skopos().storage().objectStore(),
                  new PrometheusRegistry())) {
            return work.on(opened.store());
          }
        }
        return onDirectory(work);
      } catch (ConfigException e) {
        throw new CommandFailed(
            config + " cannot be used:\n" + ConfigOptions.listed(e.problems()), e);
      } catch (IOException | IllegalArgumentException e) {
        throw new CommandFailed(String.valueOf(e.getMessage()), e);
      }
    }

    private int onDirectory(Work work) throws IOException {
      if (!Files.isRegularFile(data.resolve("format"))) {
        throw new CommandFailed(data + " is no data directory (--data)");
      }
      RealDisk disk = new RealDisk();
      try (DiskLock lock = disk.tryLock(data.resolve("lock"))) {
        if (lock == null) {
          throw new CommandFailed(
              "a server runs on " + data + "; stop it, or look at a snapshot of it");
        }
        try (DirectoryObjectStore store =
            new DirectoryObjectStore(disk, data.resolve("objects"), new PrometheusRegistry())) {
          return work.on(store);
        }
      }
    }

    @FunctionalInterface
    private interface Work {
      int on(ObjectStore store) throws IOException;
    }
  }

  /** {@code skopos storage ls}. */
  @Command(
      name = "ls",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Lists tenants and signals: days, parts, rows, bytes.")
  static final class Ls implements Callable<Integer> {

    @Option(names = "--days", description = "A line for each day.")
    private boolean eachDay;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Chosen chosen;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
      return chosen.with(store -> {
        List<DayInventory> days = StoreInventory.of(store);
        print(eachDay ? days.stream().map(List::of).toList() : grouped(days));
        return 0;
      });
    }

    private static List<List<DayInventory>> grouped(List<DayInventory> days) {
      Map<Map.Entry<String, Signal>, List<DayInventory>> groups = new LinkedHashMap<>();
      for (DayInventory day : days) {
        groups
            .computeIfAbsent(
                Map.entry(day.tenant().value(), day.signal()), key -> new ArrayList<>())
            .add(day);
      }
      return List.copyOf(groups.values());
    }

    private void print(List<List<DayInventory>> groups) throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      List<String> names =
          List.of(
              "tenant",
              "signal",
              "days",
              "first",
              "last",
              "parts",
              "partsInBucket",
              "rows",
              "bytes",
              "damagedManifests");
      List<List<String>> table = new ArrayList<>();
      table.add(
          List.of(
              "TENANT", "SIGNAL", "DAYS", "FIRST", "LAST", "PARTS", "IN BUCKET", "ROWS", "SIZE"));
      for (List<DayInventory> days : groups) {
        DayInventory first = days.getFirst();
        long parts = days.stream().mapToLong(DayInventory::parts).sum();
        long elsewhere = days.stream().mapToLong(DayInventory::partsElsewhere).sum();
        long rows = days.stream().mapToLong(DayInventory::rows).sum();
        long bytes = days.stream().mapToLong(DayInventory::bytes).sum();
        long damaged = days.stream().filter(day -> !day.damage().isEmpty()).count();
        List<Object> values =
            List.of(
                first.tenant().value(),
                first.signal().key(),
                days.size(),
                first.day().toString(),
                days.getLast().day().toString(),
                parts,
                elsewhere,
                rows,
                bytes,
                damaged);
        if (chosen.json) {
          out.println(JsonLine.of(names, values));
          continue;
        }
        List<String> row = new ArrayList<>();
        for (Object value : values.subList(0, 8)) {
          row.add(value.toString());
        }
        row.add(
            TransferLog.size(bytes)
                + (damaged == 0 ? "" : "  (" + damaged + " manifests are damaged)"));
        table.add(row);
      }
      if (!chosen.json) {
        TextTable.print(table, out);
      }
      out.flush();
    }
  }

  /** {@code skopos storage verify}. */
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Reads every manifest, document and page and compares the checksums. Ends with 1 when",
        "something is damaged or missing, and names it."
      })
  static final class Verify implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Chosen chosen;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      return chosen.with(store -> {
        StoreVerification.Result result =
            new StoreVerification(store, TransferLog.to(spec.commandLine().getErr())).run();
        if (chosen.json) {
          for (String finding : result.findings()) {
            out.println(JsonLine.of(List.of("damaged"), List.of(finding)));
          }
          out.println(
              JsonLine.of(
                  List.of(
                      "manifests",
                      "parts",
                      "partsInBucket",
                      "pages",
                      "documents",
                      "bytes",
                      "findings"),
                  List.of(
                      result.manifests(),
                      result.parts(),
                      result.partsElsewhere(),
                      result.pages(),
                      result.documents(),
                      result.bytes(),
                      result.findings().size())));
        } else {
          result.findings().forEach(finding -> out.println("damaged: " + finding));
          out.println(summary(result));
        }
        out.flush();
        return result.findings().isEmpty() ? 0 : 1;
      });
    }

    private static String summary(StoreVerification.Result result) {
      return result.manifests()
          + " manifests, "
          + result.parts()
          + " parts with "
          + result.pages()
          + " pages ("
          + TransferLog.size(result.bytes())
          + "), "
          + result.documents()
          + " documents: "
          + (result.findings().isEmpty()
              ? "all whole"
              : result.findings().size() + " damaged or missing")
          + (result.partsElsewhere() == 0
              ? ""
              : "; "
                  + result.partsElsewhere()
                  + " parts lie in the bucket and were not read (--store or --config)");
    }
  }

  /** {@code skopos storage gc}. */
  @Command(
      name = "gc",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Removes objects of parts that no manifest names: what a crash leaves. A server does so",
        "itself; this is for a bucket or directory without one. In a bucket it looks twice,",
        "--settle apart, so that what a running owner is just uploading is not taken for lost."
      })
  static final class Gc implements Callable<Integer> {

    @Option(
        names = "--age",
        paramLabel = "DURATION",
        defaultValue = "1d",
        description = "How old an orphan must be (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String age;

    @Option(
        names = "--settle",
        paramLabel = "DURATION",
        defaultValue = "5m",
        description = "Time between the two looks into a bucket (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String settle;

    @Option(names = "--dry-run", description = "Only lists them.")
    private boolean dryRun;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Chosen chosen;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
      Duration least = duration("--age", age);
      Duration pause = duration("--settle", settle);
      PrintWriter out = spec.commandLine().getOut();
      return chosen.with(store -> {
        StoreCleaning cleaning = new StoreCleaning(store);
        List<ObjectSummary> orphans = cleaning.find(least, Instant.now());
        for (ObjectSummary orphan : orphans) {
          out.println(
              chosen.json
                  ? JsonLine.of(List.of("object", "bytes"), List.of(orphan.key(), orphan.size()))
                  : orphan.key() + "  " + TransferLog.size(orphan.size()));
        }
        out.flush();
        if (!dryRun && !orphans.isEmpty()) {
          if (chosen.isBucket()) {
            sleep(pause);
          }
          long removed = cleaning.remove(orphans);
          spec.commandLine().getErr().println("removed " + removed + " objects");
        }
        return 0;
      });
    }

    private static Duration duration(String option, String text) {
      try {
        return PrometheusDuration.parse(text);
      } catch (IllegalArgumentException e) {
        throw new CommandFailed(option + ": " + e.getMessage(), e);
      }
    }

    private static void sleep(Duration time) {
      try {
        Thread.sleep(time);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailed("interrupted; nothing was removed", e);
      }
    }
  }
}
