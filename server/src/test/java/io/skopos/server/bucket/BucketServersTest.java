// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.RemoteWriteRequest;
import io.skopos.testkit.process.S3ProxyProcess;
import io.skopos.testkit.process.SkoposProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers as processes with one bucket of a real store. */
final class BucketServersTest {

  private static final int SERIES = 50;
  private static final int SAMPLES = 240;

  /** Two days ago, whole hours, so that the day is over. */
  private static final long START_MS =
      Instant.now().minus(Duration.ofDays(2)).toEpochMilli() / 3_600_000 * 3_600_000;

  private static final double END = (START_MS + SAMPLES * 15_000L) / 1000.0;
  private static final String COUNT =
      "sum(count_over_time(tiered_sample[" + (SAMPLES + 1) * 15 + "s]))";

  private static S3ProxyProcess s3;

  @TempDir Path home;

  private String bucket;

  @BeforeAll
  static void startStore() throws Exception {
    s3 = S3ProxyProcess.shared();
  }

  private SkoposProcess start(String name, String... more) throws Exception {
    if (bucket == null) {
      bucket = s3.newBucket();
    }
    Path directory = home.resolve(name);
    Files.createDirectories(directory);
    List<String> arguments = new ArrayList<>();
    for (String setting :
        List.of(
            "storage.object_store.type=s3",
            "storage.object_store.bucket=" + bucket,
            "storage.object_store.endpoint=" + s3.endpoint(),
            "storage.object_store.credentials.access_key=" + S3ProxyProcess.ACCESS_KEY,
            "storage.object_store.credentials.secret_key=" + S3ProxyProcess.SECRET_KEY,
            "storage.object_store.requests.timeout=10s",
            "storage.tiering.upload=at_once",
            "storage.tiering.interval=200ms",
            "storage.tiering.poll_interval=200ms",
            "storage.orphan_age=1h",
            "query.admin_api=true",
            "self_monitoring.enabled=false",
            "host_metrics.enabled=false")) {
      arguments.add("--set");
      arguments.add(setting);
    }
    arguments.addAll(List.of(more));
    return SkoposProcess.start(directory, arguments.toArray(String[]::new));
  }

  private static void write(PrometheusApi api, int from, int to) throws Exception {
    RemoteWriteRequest request = new RemoteWriteRequest();
    for (int series = 0; series < SERIES; series++) {
      long[] times = new long[to - from];
      double[] values = new double[to - from];
      for (int i = 0; i < times.length; i++) {
        times[i] = START_MS + (from + i) * 15_000L;
        values[i] = from + i + series;
      }
      request.series(
          Map.of("__name__", "tiered_sample", "series", "s" + series, "job", "test"),
          times,
          values);
    }
    assertThat(api.write(request).status()).isEqualTo(204);
  }

  private static void flush(PrometheusApi api) throws Exception {
    assertThat(api.post("/-/flush", "text/plain", new byte[0]).status()).isEqualTo(200);
  }

  private static Map<?, ?> bucketStatus(PrometheusApi api) throws Exception {
    Map<?, ?> answer = (Map<?, ?>) PrometheusApi.parse(api.get("/api/v1/status/skopos").body());
    Map<?, ?> data = (Map<?, ?>) answer.get("data");
    Map<?, ?> storage = (Map<?, ?>) data.get("storage");
    return (Map<?, ?>) storage.get("bucket");
  }

  /** A condition that may throw. */
  @FunctionalInterface
  private interface Check {
    boolean holds() throws Exception;
  }

  private static void await(Check condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private void awaitUploaded(String name) throws Exception {
    await(() -> {
      try (Stream<Path> files = Files.walk(home.resolve(name).resolve("data/objects"))) {
        return files.noneMatch(file -> file.toString().endsWith(".part"));
      } catch (UncheckedIOException e) {
        return false; // a file went while we looked
      }
    });
  }

  /** How many samples there are. */
  private static long count(PrometheusApi api) throws Exception {
    List<PrometheusApi.Series> answer = api.query(COUNT, END);
    return answer.isEmpty()
        ? 0
        : Math.round(Double.parseDouble(answer.getFirst().points().getFirst().getValue()));
  }

  private static PrometheusApi.Answer ask(PrometheusApi api) throws Exception {
    return api.get("/api/v1/query", "query", COUNT, "stats", "all", "time", String.valueOf(END));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void aServersPartsLieInTheBucketAndItsDiskIsACache() throws Exception {
    try (SkoposProcess server = start("one").awaitReady()) {
      write(server.api(), 0, SAMPLES / 2);
      flush(server.api());
      awaitUploaded("one");
      write(server.api(), SAMPLES / 2, SAMPLES);
      flush(server.api());
      awaitUploaded("one");
      assertThat(count(server.api())).isEqualTo((long) SERIES * SAMPLES);
      assertThat(bucketStatus(server.api()).get("attached")).isEqualTo(true);
      assertThat(server.api().get("/metrics").body())
          .contains("skopos_storage_upload_parts_total")
          .contains("skopos_storage_block_cache_hits_total");
    }
    delete(home.resolve("one/data/cache"));
    try (SkoposProcess server = start("one").awaitReady()) {
      String cold = ask(server.api()).body();
      assertThat(cold)
          .containsPattern("\"fetches\":[1-9]")
          .containsPattern("\"fetchedBytes\":[1-9]");
      String warm = ask(server.api()).body();
      assertThat(warm).contains("\"fetches\":0").contains("\"fetchedBytes\":0");
      assertThat(count(server.api())).isEqualTo((long) SERIES * SAMPLES);
    }
  }

  @Test
  void aSecondServerIsRefusedReadsOrTakesOver() throws Exception {
    try (SkoposProcess owner = start("owner").awaitReady()) {
      write(owner.api(), 0, SAMPLES / 2);
      flush(owner.api());
      awaitUploaded("owner");
      try (SkoposProcess second = start("second")) {
        await(() -> !second.process().isAlive());
        assertThat(second.process().output())
            .contains("the bucket belongs to another data directory")
            .contains("--read-only");
      }
      try (SkoposProcess reader = start("reader", "--read-only").awaitReady()) {
        assertThat(count(reader.api())).isEqualTo((long) SERIES * SAMPLES / 2);
        write(owner.api(), SAMPLES / 2, SAMPLES);
        flush(owner.api());
        await(() -> count(reader.api()) == (long) SERIES * SAMPLES);
        RemoteWriteRequest request = new RemoteWriteRequest();
        request.series(Map.of("__name__", "x"), new long[] {START_MS}, new double[] {1});
        PrometheusApi.Answer refused = reader.api().write(request);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body()).contains("--read-only");
      }
      awaitUploaded("owner");
    }
    try (SkoposProcess heir = start("heir", "--take-over").awaitReady()) {
      assertThat(count(heir.api())).isEqualTo((long) SERIES * SAMPLES);
    }
    try (SkoposProcess former = start("owner")) {
      await(() -> !former.process().isAlive());
      assertThat(former.process().output()).contains("belongs to another data directory");
    }
  }

  @Test
  void aBucketThatIsAwayStopsNothingButItsOwnParts() throws Exception {
    try (SkoposProcess server = start("one").awaitReady()) {
      write(server.api(), 0, SAMPLES / 2);
      flush(server.api());
      awaitUploaded("one");
    }
    delete(home.resolve("one/data/cache"));
    try (SkoposProcess server = start("one").awaitReady()) {
      s3.kill();
      write(server.api(), SAMPLES / 2, SAMPLES);
      flush(server.api());
      PrometheusApi.Answer answer = ask(server.api());
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body())
          .as("the later half is here")
          .contains("\"warnings\"")
          .contains("bucket cannot be read")
          .contains("\"value\"");
      await(() -> !String.valueOf(bucketStatus(server.api()).get("lastError")).isEmpty());
      assertThat(server.api().get("/api/v1/status/skopos").body())
          .contains("\"damagedFiles\":[]")
          .contains("\"writable\":true");
      server.process().kill();
    }
    try (SkoposProcess server = start("one").awaitReady()) {
      assertThat(bucketStatus(server.api()).get("attached")).isEqualTo(false);
      assertThat(ask(server.api()).body()).contains("\"value\"");
      s3.restart();
      await(() -> Boolean.TRUE.equals(bucketStatus(server.api()).get("attached")));
      await(() -> count(server.api()) == (long) SERIES * SAMPLES);
      awaitUploaded("one");
      assertThat(ask(server.api()).body()).doesNotContain("\"warnings\"");
    } finally {
      s3.restart();
    }
  }
}
