// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.buckets.BucketObjectStore;
import io.skopos.buckets.ObjectStores;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.tsdb.block.BlockWriter;
import io.skopos.metrics.tsdb.chunk.EncodedChunk;
import io.skopos.metrics.tsdb.chunk.SeriesChunks;
import io.skopos.model.Labels;
import io.skopos.server.cli.SkoposCommand;
import io.skopos.storage.objects.ObjectStoreConfig;
import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.RemoteWriteRequest;
import io.skopos.testkit.process.S3ProxyProcess;
import io.skopos.testkit.process.SkoposProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket as Thanos and Mimir leave it, in a real store, read where it is and imported. */
final class ImportBucketTest {

  private static final long START = 1_767_225_600_000L;
  private static final long HOUR = 3_600_000;
  private static final int SERIES = 20;
  private static final int SAMPLES = 240;
  private static final String COUNT = "sum by (cluster) (count_over_time(old_sample[3h]))";

  @TempDir Path work;

  private S3ProxyProcess s3;
  private String bucket;

  /** A block of an hour; its last file comes last. */
  private void put(String prefix, long fromMs, String thanosLabels) throws Exception {
    Path made = Files.createTempDirectory(work, "made");
    Path block;
    try (BlockWriter writer = new BlockWriter(made, fromMs, fromMs + HOUR, fromMs)) {
      for (int i = 0; i < SERIES; i++) {
        SampleBuffer samples = new SampleBuffer();
        for (int j = 0; j < SAMPLES; j++) {
          samples.add(fromMs + j * 15_000L, j);
        }
        List<EncodedChunk> chunks = new ArrayList<>();
        SeriesChunks.encode(samples, 0, samples.size, chunks::add);
        writer.add(
            Labels.of("__name__", "old_sample", "i", String.format(Locale.ROOT, "%03d", i)),
            chunks);
      }
      block = Objects.requireNonNull(writer.finish());
    }
    String meta = Files.readString(block.resolve("meta.json")).strip();
    try (BucketObjectStore store =
            ObjectStores.bucket(
                ObjectStoreConfig.s3(
                    s3.endpoint(), bucket, S3ProxyProcess.ACCESS_KEY, S3ProxyProcess.SECRET_KEY),
                new PrometheusRegistry());
        Stream<Path> files = Files.walk(block)) {
      String key = prefix + block.getFileName() + "/";
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("meta.json")) {
          store.put(key + block.relativize(file), Files.readAllBytes(file));
        }
      }
      store.put(
          key + "meta.json",
          (meta.substring(0, meta.lastIndexOf('}'))
                  + ",\"thanos\":{\"labels\":{"
                  + thanosLabels
                  + "},\"downsample\":{\"resolution\":0}}}")
              .getBytes(StandardCharsets.UTF_8));
    }
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

  private static PrometheusApi.Answer ask(PrometheusApi api, String query) throws Exception {
    return api.get(
        "/api/v1/query",
        "query",
        query,
        "stats",
        "all",
        "time",
        String.valueOf((START + 2 * HOUR) / 1000.0));
  }

  private static boolean knows(PrometheusApi api, int blocks) throws Exception {
    return api.get("/api/v1/status/skopos").body().contains("\"blocks\":" + blocks + ",");
  }

  @Test
  void aBucketOfThanosIsReadWhereItIs() throws Exception {
    s3 = S3ProxyProcess.shared();
    bucket = s3.newBucket();
    put("", START, "\"cluster\":\"eu\",\"replica\":\"a\"");
    put("", START, "\"cluster\":\"eu\",\"replica\":\"b\"");
    put("team/", START, "\"__compactor_shard_id__\":\"1_of_1\"");
    try (SkoposProcess server =
        SkoposProcess.start(
                work,
                "--import-bucket",
                "s3://" + bucket,
                "--set",
                "import_bucket.object_store.endpoint=" + s3.endpoint(),
                "--set",
                "import_bucket.object_store.credentials.access_key=" + S3ProxyProcess.ACCESS_KEY,
                "--set",
                "import_bucket.object_store.credentials.secret_key=" + S3ProxyProcess.SECRET_KEY,
                "--set",
                "import_bucket.object_store.requests.timeout=2s",
                "--set",
                "import_bucket.replica_labels=replica",
                "--set",
                "import_bucket.poll_interval=200ms",
                "--set",
                "import_bucket.cache_size=64MiB",
                "--set",
                "self_monitoring.enabled=false",
                "--set",
                "host_metrics.enabled=false")
            .awaitReady()) {
      PrometheusApi api = server.api();
      await(() -> knows(api, 3));
      String cold = ask(api, COUNT).body();
      assertThat(cold)
          .contains("{\"cluster\":\"eu\"}")
          .contains("\"" + SERIES * SAMPLES + "\"")
          .containsPattern("\"fetchedBytes\":[1-9]")
          .doesNotContain("\"warnings\"");
      assertThat(ask(api, COUNT).body()).contains("\"fetchedBytes\":0}");
      assertThat(api.get("/api/v1/label/cluster/values").body()).contains("[\"eu\"]");
      assertThat(api.get("/api/v1/labels").body()).doesNotContain("replica");
      assertThat(
              api.get("/api/v1/series", "match[]", "old_sample{i=~\"00[12]\",cluster=\"eu\"}")
                  .body())
          .contains("\"i\":\"001\"", "\"i\":\"002\"")
          .doesNotContain("\"i\":\"003\"");
      assertThat(api.get("/metrics").body())
          .contains("skopos_import_blocks 3.0")
          .contains("skopos_import_object_store_requests_total");

      // The server's own samples continue the blocks', and count where both have some.
      RemoteWriteRequest own = new RemoteWriteRequest();
      own.series(
          Map.of("__name__", "old_sample", "i", "000", "cluster", "eu"),
          new long[] {START, START + HOUR},
          new double[] {7, 8});
      assertThat(api.write(own).status()).isEqualTo(204);
      assertThat(ask(api, "count_over_time(old_sample{i=\"000\"}[3h])").body())
          .contains("\"" + (SAMPLES + 1) + "\"");
      assertThat(ask(api, "first_over_time(old_sample{i=\"000\"}[2h1m])").body()).contains("\"7\"");

      // A new block is seen; of one that cannot be read the answer lacks what it says it lacks.
      put("", START + HOUR, "\"cluster\":\"us\"");
      await(() -> knows(api, 4));
      s3.kill();
      try {
        PrometheusApi.Answer partial = ask(api, COUNT);
        assertThat(partial.status()).isEqualTo(200);
        assertThat(partial.body())
            .contains("\"cluster\":\"eu\"")
            .doesNotContain("\"cluster\":\"us\"")
            .contains("\"warnings\":[\"some samples from 2026-01-01T01:00:00Z to ")
            .contains("the bucket cannot be read");
        assertThat(api.get("/api/v1/labels", "start", "2026-01-01T01:30:00Z").body())
            .contains("\"warnings\":[\"some samples from ");
      } finally {
        s3.restart();
      }
      await(() -> {
        String whole = ask(api, COUNT).body();
        return whole.contains("\"cluster\":\"us\"") && !whole.contains("\"warnings\"");
      });
      imported(server);
    }
  }

  /** From the same bucket into the server, as another tenant. */
  private void imported(SkoposProcess server) throws Exception {
    Path secret = Files.writeString(work.resolve("secret"), S3ProxyProcess.SECRET_KEY);
    assertThat(
            SkoposCommand.run(
                "import",
                "blocks",
                "s3://" + bucket + "/team",
                "--endpoint",
                s3.endpoint(),
                "--access-key",
                S3ProxyProcess.ACCESS_KEY,
                "--secret-key-file",
                secret.toString(),
                "--url",
                server.url(),
                "--tenant",
                "moved",
                "--verify",
                "--state",
                work.resolve("state").toString()))
        .isZero();
    PrometheusApi moved = new PrometheusApi(server.url(), "moved");
    assertThat(ask(moved, "sum(count_over_time(old_sample[3h]))").body())
        .contains("\"" + SERIES * SAMPLES + "\"");
  }
}
