// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.server.ServerOptions;
import io.skopos.server.SkoposServer;
import io.skopos.server.config.ConfigLoader;
import io.skopos.storage.BucketUse;
import io.skopos.testkit.process.PrometheusApi;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines pushed as to Loki, counted in PromQL, each tenant's by its own settings. */
class LogRatesTest {

  private static final String CONFIG =
      """
      web: {listen: ["127.0.0.1:0"]}
      collect: {enabled: false}
      host_metrics: {enabled: false}
      self_monitoring: {enabled: false}
      logs: {rates: {interval: 1s}}
      overrides:
        by-app:
          logs: {rates: {labels: [app], max_series: 1}}
        none:
          logs: {rates: {enabled: false}}
      """;

  @TempDir Path directory;

  private SkoposServer start() throws Exception {
    Path config = directory.resolve("skopos.yml");
    Files.writeString(config, CONFIG);
    return SkoposServer.start(
        new ServerOptions(
            directory.resolve("data"),
            BucketUse.Mode.OWN,
            Map.of(),
            () -> ConfigLoader.load(config, Map.of())));
  }

  private static PrometheusApi api(SkoposServer server, String tenant) {
    return new PrometheusApi("http://127.0.0.1:" + server.port(), tenant);
  }

  private static void push(PrometheusApi api, String app, String level, int lines)
      throws Exception {
    StringBuilder body =
        new StringBuilder("{\"streams\":[{\"stream\":{\"app\":\"").append(app).append("\"}");
    body.append(",\"values\":[");
    for (int i = 0; i < lines; i++) {
      body.append(i == 0 ? "" : ",").append("[\"").append(System.currentTimeMillis());
      body.append("000000\",\"level=").append(level).append(" done\"]");
    }
    byte[] bytes = body.append("]}]}").toString().getBytes(StandardCharsets.UTF_8);
    assertThat(api.post("/loki/api/v1/push", "application/json", bytes).status()).isEqualTo(204);
  }

  private static Map<String, String> ask(PrometheusApi api, String promql) throws Exception {
    Map<String, String> values = new TreeMap<>();
    for (PrometheusApi.Series series : api.query(promql, Instant.now().toEpochMilli() / 1000.0)) {
      Map<String, String> labels = new TreeMap<>(series.labels());
      values.put(labels.toString(), series.points().getLast().getValue());
    }
    return values;
  }

  private static Map<String, String> await(
      PrometheusApi api, String promql, Map<String, String> wanted) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    Map<String, String> found = ask(api, promql);
    while (!found.equals(wanted) && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(50);
      found = ask(api, promql);
    }
    return found;
  }

  @Test
  void linesThatArePushedAreCountedForPromql() throws Exception {
    try (SkoposServer server = start()) {
      PrometheusApi shop = api(server, "shop");
      push(shop, "web", "error", 3);
      push(shop, "web", "info", 40);
      push(shop, "cart", "info", 2);
      Map<String, String> lines =
          Map.of(
              "{level=error, service_name=web}", "3",
              "{level=info, service_name=web}", "40",
              "{level=info, service_name=cart}", "2");
      String sum = "sum by (service_name, level) (skopos_log_lines_total)";
      assertThat(await(shop, sum, lines)).isEqualTo(lines);
      // A counter begins with zero: its first lines are part of the increase.
      List<PrometheusApi.Series> samples =
          shop.query(
              "skopos_log_lines_total{level=\"error\"}[5m]", Instant.now().toEpochMilli() / 1000.0);
      assertThat(samples).hasSize(1);
      assertThat(samples.getFirst().points().getFirst().getValue()).isEqualTo("0");
      assertThat(ask(shop, "skopos_log_bytes_total{service_name=\"cart\"} / 15"))
          .isEqualTo(Map.of("{level=info, service_name=cart}", "2"));
      assertThat(shop.get("/api/v1/metadata", "metric", "skopos_log_lines_total").body())
          .contains("\"type\":\"counter\"");

      PrometheusApi own = api(server, "by-app");
      push(own, "web", "info", 1);
      push(own, "cart", "info", 2);
      Map<String, String> bounded =
          Map.of("{app=web, level=info}", "1", "{app=(others), level=info}", "2");
      assertThat(await(own, "sum by (app, level) (skopos_log_lines_total)", bounded))
          .isEqualTo(bounded);
      PrometheusApi none = api(server, "none");
      push(none, "web", "info", 1);
      assertThat(shop.get("/api/v1/status/limits").body())
          .contains("\"limit\":\"logs.rates.labels\",\"value\":\"service_name\"");
      assertThat(own.get("/api/v1/status/limits").body())
          .contains("\"limit\":\"logs.rates.max_series\",\"value\":\"1\",\"source\":\"override\"");
    }
    try (SkoposServer server = start()) {
      PrometheusApi shop = api(server, "shop");
      push(shop, "web", "error", 1);
      Map<String, String> error = Map.of("{level=error, service_name=web}", "4");
      assertThat(
              await(
                  shop,
                  "sum by (service_name, level) (skopos_log_lines_total{level=\"error\"})",
                  error))
          .isEqualTo(error);
      assertThat(ask(api(server, "none"), "{__name__=~\".+\"}")).isEmpty();
    }
  }
}
