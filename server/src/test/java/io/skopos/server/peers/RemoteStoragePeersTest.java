// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.testkit.process.ChildProcess;
import io.skopos.testkit.process.FreePort;
import io.skopos.testkit.process.Peer;
import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.SkoposProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debian's Prometheus and vmagent send to a real server, and Prometheus reads from it: remote write
 * with native histograms and exemplars, remote read, federation.
 */
class RemoteStoragePeersTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String CLASSIC = "sum(jobs_total{job=\"target\"})";
  private static final String NATIVE = "histogram_count(latency_seconds{job=\"target\"})";

  @Test
  void prometheusWritesReadsAndFederates(@TempDir Path work) throws Exception {
    Path prometheus = Peer.require("prometheus");
    try (HistogramTarget target = new HistogramTarget();
        SkoposProcess skopos =
            SkoposProcess.start(work, "--set", "host_metrics.enabled=false").awaitReady()) {
      String write =
          """
          scrape_configs:
            - job_name: target
              static_configs: [{targets: ["127.0.0.1:%d"]}]
          remote_write:
            - url: %s/api/v1/write
              send_native_histograms: true
              send_exemplars: true
          """
              .formatted(target.port(), skopos.url());
      try (Started sender = start(work, prometheus, "sender", write)) {
        await(sender, skopos.api(), CLASSIC, "7");
        await(sender, skopos.api(), NATIVE, "12");
        sender
            .process()
            .await(
                () ->
                    body(skopos.api(), "/api/v1/query_exemplars", "query", "jobs_total")
                        .contains("\"trace_id\":\"abc\""),
                PATIENCE);
      }

      String read =
          """
          remote_read:
            - url: %s/api/v1/read
              read_recent: true
          """
              .formatted(skopos.url());
      try (Started reader = start(work, prometheus, "reader", read)) {
        // Prometheus before 2.44 passes over native histograms that it reads remotely.
        await(reader, reader.api(), CLASSIC, "7");
        await(reader, reader.api(), "count(count_over_time(up{job=\"target\"}[5m]) > 1)", "1");
      }

      String federate =
          """
          scrape_configs:
            - job_name: federation
              honor_labels: true
              metrics_path: /federate
              params: {"match[]": ['{job="target"}']}
              static_configs: [{targets: ["%s"]}]
          """
              .formatted(skopos.url().replace("http://", ""));
      try (Started above = start(work, prometheus, "above", federate)) {
        await(above, above.api(), CLASSIC, "7");
        await(above, above.api(), NATIVE, "12");
        // The labels are those of the first scrape, not of this one.
        await(
            above,
            above.api(),
            "count(jobs_total{instance=\"127.0.0.1:" + target.port() + "\"})",
            "1");
      }
    }
  }

  @Test
  void vmagentWritesToUs(@TempDir Path work) throws Exception {
    Path vmagent = Peer.require("vmagent");
    Path config = work.resolve("vmagent.yml");
    try (HistogramTarget target = new HistogramTarget();
        SkoposProcess skopos =
            SkoposProcess.start(work, "--set", "host_metrics.enabled=false").awaitReady()) {
      Files.writeString(
          config,
          """
          global: {scrape_interval: 1s}
          scrape_configs:
            - job_name: target
              static_configs: [{targets: ["127.0.0.1:%d"]}]
          """
              .formatted(target.port()));
      try (ChildProcess agent =
          ChildProcess.start(
              work,
              work.resolve("vmagent.log"),
              List.of(
                  vmagent.toString(),
                  "-promscrape.config=" + config,
                  "-httpListenAddr=127.0.0.1:" + FreePort.find(),
                  "-remoteWrite.url=" + skopos.url() + "/api/v1/write",
                  "-remoteWrite.flushInterval=1s",
                  "-remoteWrite.tmpDataPath=" + work.resolve("vmagent-data")))) {
        agent.await(() -> answer(skopos.api(), CLASSIC).equals("7"), PATIENCE);
        agent.await(
            () -> answer(skopos.api(), "count(up{job=\"target\"} == 1)").equals("1"), PATIENCE);
      }
    }
  }

  private record Started(ChildProcess process, PrometheusApi api) implements AutoCloseable {
    @Override
    public void close() {
      process.close();
    }
  }

  private static Started start(Path work, Path prometheus, String name, String config)
      throws IOException {
    Path file = work.resolve(name + ".yml");
    Files.writeString(file, "global: {scrape_interval: 1s}\n" + config);
    int port = FreePort.find();
    List<String> command = new ArrayList<>();
    command.add(prometheus.toString());
    command.add("--config.file=" + file);
    command.add("--storage.tsdb.path=" + work.resolve(name + "-data"));
    command.add("--web.listen-address=127.0.0.1:" + port);
    command.add("--enable-feature=native-histograms,exemplar-storage");
    ChildProcess process = ChildProcess.start(work, work.resolve(name + ".log"), command);
    return new Started(process, new PrometheusApi("http://127.0.0.1:" + port, null));
  }

  private static void await(Started prometheus, PrometheusApi api, String promql, String value)
      throws InterruptedException {
    prometheus.process().await(() -> answer(api, promql).equals(value), PATIENCE);
    assertThat(prometheus.process().isAlive()).isTrue();
  }

  /** The value of an answer with one series, else empty. */
  private static String answer(PrometheusApi api, String promql) {
    try {
      List<PrometheusApi.Series> series = api.query(promql, System.currentTimeMillis() / 1000.0);
      return series.size() == 1 ? series.getFirst().points().getFirst().getValue() : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    } catch (AssertionError e) {
      return ""; // not ready yet
    }
  }

  private static String body(PrometheusApi api, String path, String... parameters) {
    try {
      return api.get(path, parameters).body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
