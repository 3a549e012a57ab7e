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
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's Prometheus, promtool and node exporter against a real server. */
class PeersTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void promtoolAsksUs(@TempDir Path work) throws Exception {
    Path promtool = Peer.require("promtool");
    try (SkoposProcess skopos = SkoposProcess.start(work).awaitReady()) {
      awaitSeries(skopos, "node_load1");
      // Whole seconds, none of the samples behind the end.
      long now = System.currentTimeMillis() / 1000 + 1;
      assertThat(run(work, promtool, "query", "instant", skopos.url(), "up{job=\"skopos\"}"))
          .contains("up{")
          .contains("=> 1");
      assertThat(
              run(
                  work,
                  promtool,
                  "query",
                  "range",
                  "--start=" + (now - 60),
                  "--end=" + now,
                  "--step=5s",
                  skopos.url(),
                  "node_load1"))
          .contains("node_load1");
      assertThat(run(work, promtool, "query", "series", "--match=node_uname_info", skopos.url()))
          .contains("node_uname_info");
      assertThat(run(work, promtool, "query", "labels", skopos.url(), "job"))
          .contains("skopos")
          .contains("node");
    }
  }

  @Test
  void prometheusWritesToUs(@TempDir Path work) throws Exception {
    Path prometheus = Peer.require("prometheus");
    int port = FreePort.find();
    try (SkoposProcess skopos =
        SkoposProcess.start(work, "--set", "host_metrics.enabled=false").awaitReady()) {
      Path config = work.resolve("prometheus.yml");
      Files.writeString(
          config,
          """
          global: {scrape_interval: 1s}
          scrape_configs:
            - job_name: prometheus
              static_configs: [{targets: ["127.0.0.1:%d"]}]
          remote_write:
            - url: %s/api/v1/write
              metadata_config: {send_interval: 1s}
          """
              .formatted(port, skopos.url()));
      try (ChildProcess sender =
          ChildProcess.start(
              work,
              work.resolve("prometheus.log"),
              List.of(
                  prometheus.toString(),
                  "--config.file=" + config,
                  "--storage.tsdb.path=" + work.resolve("prometheus-data"),
                  "--web.listen-address=127.0.0.1:" + port))) {
        PrometheusApi peer = new PrometheusApi("http://127.0.0.1:" + port, null);
        sender.await(() -> answers(port), PATIENCE);
        awaitSeries(skopos, "count(prometheus_tsdb_head_series) > 0");
        awaitSeries(skopos, "prometheus_remote_storage_samples_total > 100");

        // What both have in common is the same in both, sample for sample.
        double until = System.currentTimeMillis() / 1000.0;
        awaitSeries(skopos, "timestamp(up{job=\"prometheus\"}) > " + until);
        String raw = "prometheus_http_requests_total{handler=\"/metrics\"}[10s]";
        assertThat(points(skopos.api(), raw, until))
            .isNotEmpty()
            .isEqualTo(points(peer, raw, until));

        ChildProcess alive = sender;
        awaitMetadata(skopos.api(), "prometheus_http_requests_total", alive);
      }
    }
  }

  @Test
  void weScrapeNodeExporter(@TempDir Path work) throws Exception {
    Path exporter = Peer.require("prometheus-node-exporter");
    int port = FreePort.find();
    Path config = work.resolve("skopos.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s}
        host_metrics: {enabled: false}
        scrape_configs:
          - job_name: exporter
            static_configs: [{targets: ["127.0.0.1:%d"], labels: {site: here}}]
        """
            .formatted(port));
    try (ChildProcess target =
            ChildProcess.start(
                work,
                work.resolve("exporter.log"),
                List.of(exporter.toString(), "--web.listen-address=127.0.0.1:" + port));
        SkoposProcess skopos =
            SkoposProcess.start(work, "--config", config.toString()).awaitReady()) {
      target.await(() -> answers(port), PATIENCE);
      awaitSeries(skopos, "up{job=\"exporter\",site=\"here\"} == 1");
      awaitSeries(
          skopos,
          "node_memory_MemTotal_bytes{job=\"exporter\",instance=\"127.0.0.1:" + port + "\"} > 0");
      awaitSeries(skopos, "scrape_samples_scraped{job=\"exporter\"} > 100");
      PrometheusApi.Answer targets = skopos.api().get("/api/v1/targets");
      assertThat(targets.body()).contains("\"health\":\"up\"").contains("exporter");

      target.kill();
      awaitSeries(skopos, "up{job=\"exporter\"} == 0");
      // Stale at once, not after the look-back.
      assertThat(
              skopos
                  .api()
                  .query("node_load1{job=\"exporter\"}", System.currentTimeMillis() / 1000.0))
          .isEmpty();
    }
  }

  private static void awaitSeries(SkoposProcess skopos, String promql) throws InterruptedException {
    skopos
        .process()
        .await(
            () -> {
              try {
                return !skopos.api().query(promql, System.currentTimeMillis() / 1000.0).isEmpty();
              } catch (IOException e) {
                return false;
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
              }
            },
            PATIENCE);
  }

  private static void awaitMetadata(PrometheusApi api, String metric, ChildProcess sender)
      throws InterruptedException {
    sender.await(
        () -> {
          try {
            return api.get("/api/v1/metadata", "metric", metric).body().contains("\"counter\"");
          } catch (IOException e) {
            return false;
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
          }
        },
        PATIENCE);
  }

  private static List<?> points(PrometheusApi api, String promql, double time) throws Exception {
    return api.query(promql, time).stream().map(PrometheusApi.Series::points).toList();
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String run(Path work, Path program, String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(work, "output", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int status = process.waitFor();
    String text = Files.readString(output);
    assertThat(status).as(String.join(" ", command) + "\n" + text).isZero();
    return text;
  }
}
