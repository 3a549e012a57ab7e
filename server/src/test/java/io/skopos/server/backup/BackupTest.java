// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.server.cli.SkoposCommand;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.testkit.process.ChildProcess;
import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.RemoteWriteRequest;
import io.skopos.testkit.process.S3ProxyProcess;
import io.skopos.testkit.process.SkoposProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir Path work;
  private Path data;
  private Path target;
  private final TransferLog log = new TransferLog(line -> {});

  @BeforeEach
  void prepare() throws IOException {
    data = work.resolve("data");
    target = work.resolve("backups");
    write(
        "format",
        "skopos data directory format 1\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
        0);
    write("sharding", "shards 4\n".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0);
    write(
        "objects/manifests/a/metrics/2026-01-30",
        "first".getBytes(java.nio.charset.StandardCharsets.UTF_8),
        0);
    write("objects/documents/a/dashboard/x", new byte[100], 1);
    write("objects/damaged/manifests/x", new byte[100], 2);
    write("objects/~writing/7", new byte[100], 3);
    write("lock", new byte[0], 4);
    write("log/0000000000000001.log", new byte[3 << 20], 5);
    write("objects/parts/a/metrics/2026-01-30/01.part", new byte[9 << 20], 6);
    write("objects/parts/a/metrics/2026-01-30/02.part", new byte[1000], 7);
  }

  @Test
  void whatComesBackIsWhatWasThere() throws Exception {
    try (DirectoryObjectStore store = store()) {
      Backup.Result made = new Backup(store, log).run(data, NOW);
      assertThat(made.files()).isEqualTo(7).isEqualTo(made.copiedFiles());
      assertThat(new Restore(store, log).verify("")).isEmpty();
      Path restored = work.resolve("restored");
      Restore.Result result = new Restore(store, log).run("", restored);
      assertThat(result.name()).isEqualTo(made.name());
      Map<String, String> expected = contents(data);
      expected.keySet().removeIf(path -> path.contains("damaged") || path.contains("~writing"));
      expected.remove("lock");
      assertThat(contents(restored)).isEqualTo(expected);
      assertThatThrownBy(() -> new Restore(store, log).run("", restored))
          .isInstanceOf(BackupFailed.class)
          .hasMessageContaining("not empty");
    }
  }

  @Test
  void aSecondBackupCopiesOnlyWhatIsNew() throws Exception {
    try (DirectoryObjectStore store = store()) {
      Backup.Result first = new Backup(store, log).run(data, NOW);
      write(
          "objects/manifests/a/metrics/2026-01-30",
          "second".getBytes(java.nio.charset.StandardCharsets.UTF_8),
          0);
      write("objects/parts/a/metrics/2026-01-30/03.part", new byte[500], 8);
      Files.delete(data.resolve("objects/parts/a/metrics/2026-01-30/02.part"));
      Backup.Result second = new Backup(store, log).run(data, NOW.plusSeconds(60));
      assertThat(second.copiedBytes()).isLessThan(4 << 20);
      Path restored = work.resolve("restored");
      new Restore(store, log).run(first.name(), restored);
      assertThat(restored.resolve("objects/manifests/a/metrics/2026-01-30")).hasContent("first");
      Path later = work.resolve("later");
      new Restore(store, log).run(second.name(), later);
      assertThat(later.resolve("objects/manifests/a/metrics/2026-01-30")).hasContent("second");
      assertThat(later.resolve("objects/parts/a/metrics/2026-01-30/02.part")).doesNotExist();

      assertThat(new Backup(store, log).keep(1)).isPositive();
      assertThat(Restore.names(store)).containsExactly(second.name());
      assertThat(new Restore(store, log).verify("")).isEmpty();
      assertThat(store.list("files/", "", 10))
          .extracting(object -> object.key().replaceAll(".*/", ""))
          .containsExactly("01.part", "03.part");
      assertThat(store.list("backups/" + first.name(), "", 10)).isEmpty();
    }
  }

  @Test
  void damageIsNamed() throws Exception {
    try (DirectoryObjectStore store = store()) {
      new Backup(store, log).run(data, NOW);
      Path part = target.resolve("files/objects/parts/a/metrics/2026-01-30/02.part");
      byte[] bytes = Files.readAllBytes(part);
      bytes[500] ^= 1;
      Files.write(part, bytes);
      assertThat(new Restore(store, log).verify(""))
          .singleElement()
          .asString()
          .contains("objects/parts/a/metrics/2026-01-30/02.part")
          .contains("damaged");
      assertThatThrownBy(() -> new Restore(store, log).run("", work.resolve("restored")))
          .hasMessageContaining("02.part");
      // No server takes it for a data directory.
      assertThat(work.resolve("restored/format")).doesNotExist();
    }
  }

  @Test
  void bothGoOnAfterAKill() throws Exception {
    for (int i = 0; i < 120; i++) {
      write("objects/parts/b/metrics/2026-01-30/" + i + ".part", new byte[1 << 20], 100 + i);
    }
    Path files = target.resolve("files/objects/parts/b/metrics/2026-01-30");
    try (ChildProcess backup = skopos("backup", "--data", "data", "--to", "backups")) {
      backup.await(() -> count(files) >= 10, Duration.ofSeconds(60));
      backup.kill();
    }
    int before = count(files);
    assertThat(before).isBetween(10, 119);
    assertThat(run("restore", "--from", target.toString(), "--list")).isZero();
    try (DirectoryObjectStore store = store()) {
      assertThat(Restore.names(store)).isEmpty();
    }
    try (DirectoryObjectStore store = store()) {
      Backup.Result second = new Backup(store, log).run(data, NOW);
      assertThat(second.files()).isEqualTo(127);
      assertThat(second.copiedFiles()).isLessThanOrEqualTo(127 - before);
    }
    assertThat(run("restore", "--from", target.toString(), "--verify")).isZero();

    Path restored = work.resolve("restored/objects/parts/b/metrics/2026-01-30");
    try (ChildProcess restore = skopos("restore", "--from", "backups", "--data", "restored")) {
      restore.await(() -> count(restored) >= 10, Duration.ofSeconds(60));
      restore.kill();
    }
    assertThat(count(restored)).isLessThan(120);
    assertThat(work.resolve("restored/format")).doesNotExist();
    String directory = work.resolve("restored").toString();
    assertThat(run("restore", "--from", target.toString(), "--data", directory)).isZero();
    Map<String, String> expected = contents(data);
    expected.keySet().removeIf(path -> path.contains("damaged") || path.contains("~writing"));
    expected.remove("lock");
    assertThat(contents(work.resolve("restored"))).isEqualTo(expected);
  }

  @Test
  void aRunningServerIsBackedUpToABucketAndServedFromItsCopy() throws Exception {
    Path own = Files.createDirectories(work.resolve("server"));
    Path secret = Files.writeString(work.resolve("secret"), S3ProxyProcess.SECRET_KEY);
    S3ProxyProcess s3 = S3ProxyProcess.shared();
    String[] store = {
      "s3://" + s3.newBucket() + "/skopos",
      "--endpoint",
      s3.endpoint(),
      "--access-key",
      S3ProxyProcess.ACCESS_KEY,
      "--secret-key-file",
      secret.toString()
    };
    try (SkoposProcess skopos = start(own)) {
      write(skopos.api(), "first", 1);
      assertThat(run(arguments(store, "backup", "--data", own + "/data", "--to"))).isZero();
      assertThat(own.resolve("data/snapshots")).isEmptyDirectory();
      write(skopos.api(), "second", 2);
      assertThat(run(arguments(store, "backup", "--data", own + "/data", "--to"))).isZero();
      write(skopos.api(), "third", 3);
    }
    Path copy = Files.createDirectories(work.resolve("copy"));
    assertThat(run(arguments(store, "restore", "--data", copy + "/data", "--from"))).isZero();
    try (SkoposProcess skopos = start(copy)) {
      assertThat(value(skopos, "first")).isEqualTo("1");
      assertThat(value(skopos, "second")).isEqualTo("2");
      assertThat(value(skopos, "third")).isEqualTo("none");
    }
    // The stopped one, with what lies in its log.
    assertThat(run(arguments(store, "backup", "--data", own + "/data", "--to"))).isZero();
    Path again = Files.createDirectories(work.resolve("again"));
    assertThat(run(arguments(store, "restore", "--data", again + "/data", "--from"))).isZero();
    try (SkoposProcess skopos = start(again)) {
      assertThat(value(skopos, "third")).isEqualTo("3");
    }
  }

  @Test
  void namesOfBackupsSortByTimeWithinASecond() {
    Instant first = Instant.parse("2026-05-01T10:00:00Z");
    String before = Backup.nameAt(first.minusNanos(1));
    for (int micros = 0; micros < 1_000_000; micros += 9973) {
      String name = Backup.nameAt(first.plusNanos(micros * 1000L));
      assertThat(name).isGreaterThan(before).matches("20260501T100000Z-[0-9a-f]{8}");
      before = name;
    }
  }

  private static String[] arguments(String[] store, String... before) {
    List<String> all = new ArrayList<>(List.of(before));
    all.addAll(List.of(store));
    return all.toArray(String[]::new);
  }

  private static SkoposProcess start(Path directory) throws Exception {
    return SkoposProcess.start(
            directory,
            "--set",
            "host_metrics.enabled=false",
            "--set",
            "self_monitoring.enabled=false",
            "--set",
            "query.admin_api=true")
        .awaitReady();
  }

  private static void write(PrometheusApi api, String metric, double value) throws Exception {
    assertThat(
            api.write(
                    new RemoteWriteRequest()
                        .series(
                            Map.of("__name__", metric),
                            new long[] {1_767_225_600_000L},
                            new double[] {value}))
                .status())
        .isEqualTo(204);
  }

  private static String value(SkoposProcess skopos, String metric) throws Exception {
    var found = skopos.api().query(metric, 1_767_225_600);
    return found.isEmpty() ? "none" : found.getFirst().points().getFirst().getValue();
  }

  private static int run(String... arguments) {
    return SkoposCommand.run(arguments);
  }

  private ChildProcess skopos(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.skopos.server.Main"));
    command.addAll(List.of(arguments));
    return ChildProcess.start(work, work.resolve(arguments[0] + ".log"), command);
  }

  private DirectoryObjectStore store() throws IOException {
    return new DirectoryObjectStore(new RealDisk(), target, new PrometheusRegistry());
  }

  private void write(String path, byte[] bytes, int seed) throws IOException {
    if (seed > 0) {
      new Random(seed).nextBytes(bytes);
    }
    Path file = data.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static int count(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return (int) files.filter(file -> file.toString().endsWith(".part")).count();
    } catch (IOException e) {
      return 0;
    }
  }

  private static Map<String, String> contents(Path directory) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            directory.relativize(file).toString(),
            String.format(Locale.ROOT, "%d %s", Files.size(file), Digests.of(file)));
      }
    }
    return contents;
  }
}
