// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.exporter.pushgateway.PushGateway;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.SkoposProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' own Java client pushes as to a Pushgateway; a restart keeps what it pushed. */
class PushGatewayTest {

  private static final String[] QUIET = {
    "--set", "host_metrics.enabled=false", "--set", "push.interval=1s"
  };

  private final HttpClient client = HttpClient.newHttpClient();

  private HttpResponse<String> send(String method, String url, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(url))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static List<PrometheusApi.Series> now(SkoposProcess skopos, String promql)
      throws Exception {
    return skopos.api().query(promql, System.currentTimeMillis() / 1000.0 + 0.1);
  }

  @Test
  void theClientPushesAddsAndDeletes(@TempDir Path work) throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    Counter done = Counter.builder().name("batch_done_total").help("Done.").register(registry);
    Gauge size = Gauge.builder().name("batch_size").labelNames("kind").register(registry);
    done.inc(3);
    size.labelValues("small").set(7);
    try (SkoposProcess skopos = SkoposProcess.start(work, QUIET).awaitReady()) {
      PushGateway gateway =
          PushGateway.builder()
              .address(skopos.url().substring("http://".length()))
              .job("night/ly")
              .groupingKey("shard", "1")
              .registry(registry)
              .build();
      gateway.push();
      assertThat(now(skopos, "batch_done_total{job=\"night/ly\",shard=\"1\"} == 3")).hasSize(1);
      assertThat(now(skopos, "push_time_seconds{job=\"night/ly\"} > time() - 60")).hasSize(1);

      String base = skopos.url() + "/metrics/job/hand";
      assertThat(send("PUT", base, "a 1\nb 2\n").statusCode()).isEqualTo(200);
      assertThat(send("POST", base, "# TYPE b gauge\nb 5\n").statusCode()).isEqualTo(200);
      assertThat(now(skopos, "a{job=\"hand\"} + on() b{job=\"hand\"} == 6")).hasSize(1);
      assertThat(send("PUT", base + "/instance@base64/YS9i", "c 1\n").statusCode()).isEqualTo(200);
      assertThat(now(skopos, "c{job=\"hand\",instance=\"a/b\"}")).hasSize(1);

      HttpResponse<String> timed = send("POST", base, "b 5 1000\n");
      assertThat(timed.statusCode()).isEqualTo(400);
      assertThat(timed.body()).contains("must not have timestamps");
      assertThat(send("POST", base, "x{l=\"1\"} 5\nx{l=\"1\"} 6\n").statusCode()).isEqualTo(400);
      HttpResponse<String> inconsistent =
          send(
              "POST",
              skopos.url() + "/metrics/job/other",
              "# TYPE batch_size counter\nbatch_size 1\n");
      assertThat(inconsistent.statusCode()).isEqualTo(400);
      assertThat(inconsistent.body()).contains("batch_size is pushed as counter");
      assertThat(send("POST", base + "/half", "a 1\n").statusCode()).isEqualTo(400);
      assertThat(send("GET", skopos.url() + "/api/v1/metrics", "").body())
          .contains("\"labels\":{\"job\":\"hand\"},\"last_push_successful\":false")
          .contains("\"batch_size\":{\"time_stamp\":");

      assertThat(send("PUT", base, "a 9\n").statusCode()).isEqualTo(200);
      assertThat(now(skopos, "b{job=\"hand\"}")).isEmpty();
    }
    try (SkoposProcess skopos = SkoposProcess.start(work, QUIET).awaitReady()) {
      assertThat(send("GET", skopos.url() + "/api/v1/metrics", "").body())
          .contains("\"job\":\"night/ly\"", "\"instance\":\"a/b\"");
      long restarted = System.currentTimeMillis() / 1000;
      long limit = System.nanoTime() + 60_000_000_000L;
      String written = "timestamp(batch_done_total{job=\"night/ly\"}) >= " + restarted;
      while (now(skopos, written).isEmpty() && System.nanoTime() < limit) {
        Thread.sleep(200);
      }
      assertThat(now(skopos, written)).hasSize(1);
      assertThat(now(skopos, "a{job=\"hand\"} == 9")).hasSize(1);

      assertThat(send("DELETE", skopos.url() + "/metrics/job/hand", "").statusCode())
          .isEqualTo(202);
      assertThat(now(skopos, "{job=\"hand\",instance=\"\"}")).isEmpty();
      assertThat(now(skopos, "c{job=\"hand\"}")).hasSize(1);
      assertThat(send("PUT", skopos.url() + "/api/v1/admin/wipe", "").statusCode()).isEqualTo(202);
      assertThat(now(skopos, "{job=~\"hand|night/ly\"}")).isEmpty();
    }
  }
}
