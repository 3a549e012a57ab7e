// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.RemoteWriteRequest;
import io.skopos.testkit.process.SkoposProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots are data directories; cleaning drops what was deleted. */
class SnapshotTest {

  private static final double T = 1_767_225_600;

  @Test
  void aServerStartsOnASnapshot(@TempDir Path work) throws Exception {
    Path name;
    try (SkoposProcess skopos = start(work, work.resolve("data"))) {
      write(skopos.api(), "first", 1);
      name = snapshot(skopos, work, "");
      write(skopos.api(), "second", 2);
      // In memory only: this one is without it.
      Path withoutHead = snapshot(skopos, work, "?skip_head=true");
      assertThat(withoutHead).isNotEqualTo(name);
      try (SkoposProcess copy = start(work, withoutHead)) {
        assertThat(value(copy, "first")).isEqualTo("1");
        assertThat(value(copy, "second")).isEqualTo("none");
      }
      assertThat(skopos.api().get("/api/v1/status/walreplay").body()).contains("\"current\":");
    }
    // The first server has gone on, merged and stopped meanwhile.
    try (SkoposProcess copy = start(work, name)) {
      assertThat(value(copy, "first")).isEqualTo("1");
      assertThat(value(copy, "second")).isEqualTo("none");
      write(copy.api(), "third", 3);
      assertThat(value(copy, "third")).isEqualTo("3");
    }
  }

  @Test
  void cleaningDropsDeletedSamplesFromDisk(@TempDir Path work) throws Exception {
    try (SkoposProcess skopos = start(work, work.resolve("data"))) {
      write(skopos.api(), "kept", 1);
      write(skopos.api(), "gone", 2);
      assertThat(skopos.api().post("/-/flush", "text/plain", new byte[0]).status()).isEqualTo(200);
      write(skopos.api(), "later", 3);
      assertThat(skopos.api().post("/-/flush", "text/plain", new byte[0]).status()).isEqualTo(200);
      long before = partBytes(work.resolve("data"));
      PrometheusApi.Answer deleted =
          skopos
              .api()
              .post("/api/v1/admin/tsdb/delete_series?match[]=gone", "text/plain", new byte[0]);
      assertThat(deleted.status()).as(deleted.body()).isEqualTo(204);
      assertThat(value(skopos, "gone")).isEqualTo("none");
      PrometheusApi.Answer cleaned =
          skopos.api().post("/api/v1/admin/tsdb/clean_tombstones", "text/plain", new byte[0]);
      assertThat(cleaned.status()).as(cleaned.body()).isEqualTo(204);
      assertThat(value(skopos, "kept")).isEqualTo("1");
      assertThat(value(skopos, "later")).isEqualTo("3");
      assertThat(value(skopos, "gone")).isEqualTo("none");
      assertThat(
              skopos
                  .api()
                  .get("/api/v1/status/cardinality", "start", "1767225600", "end", "1767311999")
                  .body())
          .contains("kept")
          .doesNotContain("gone");
      assertThat(partBytes(work.resolve("data"))).isLessThan(before);
    }
  }

  private static SkoposProcess start(Path work, Path data) throws Exception {
    Path own = work;
    if (!data.equals(work.resolve("data"))) {
      own = Files.createTempDirectory(work, "copy");
      Files.createSymbolicLink(own.resolve("data"), data);
    }
    return SkoposProcess.start(
            own,
            "--set",
            "host_metrics.enabled=false",
            "--set",
            "self_monitoring.enabled=false",
            "--set",
            "query.admin_api=true")
        .awaitReady();
  }

  private static Path snapshot(SkoposProcess skopos, Path work, String parameters)
      throws Exception {
    PrometheusApi.Answer answer =
        skopos.api().post("/api/v1/admin/tsdb/snapshot" + parameters, "text/plain", new byte[0]);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    String name = answer.body().replaceAll("(?s).*\"name\":\"([^\"]+)\".*", "$1");
    assertThat(name).matches("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{16}");
    return work.resolve("data/snapshots").resolve(name);
  }

  private static void write(PrometheusApi api, String metric, double value) throws Exception {
    RemoteWriteRequest request = new RemoteWriteRequest();
    for (int i = 0; i < 50; i++) {
      request.series(
          Map.of("__name__", metric, "i", Integer.toString(i)),
          new long[] {(long) T * 1000},
          new double[] {value});
    }
    assertThat(api.write(request).status()).isEqualTo(204);
  }

  private static String value(SkoposProcess skopos, String metric) throws Exception {
    var found = skopos.api().query("max(" + metric + ")", T);
    return found.isEmpty() ? "none" : found.getFirst().points().getFirst().getValue();
  }

  private static long partBytes(Path data) throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.walk(data.resolve("objects/parts"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
    }
    return sum;
  }
}
