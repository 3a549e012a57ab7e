// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.testkit.process.PrometheusApi.Answer;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What runs, how it is stopped, and what is remembered of it. */
class RunningQueriesTest {

  private static final Pattern ID = Pattern.compile("\"id\":\"(\\d+)\"");

  @Test
  void aRunningQueryIsListedAndCancelledByItsTenantOnly() throws Exception {
    EndlessSeries source = new EndlessSeries();
    try (ApiServer server =
        new ApiServer(CancellationTest.ONE_AT_A_TIME, TargetsView.NONE, source)) {
      CompletableFuture<HttpResponse<String>> running =
          server.sendAsync(server.request("/api/v1/query?query=endless&time=1767323015"));
      assertThat(source.reading.await(10, TimeUnit.SECONDS)).isTrue();

      String listed = server.get("/api/v1/queries").body();
      assertThat(listed)
          .contains("\"state\":\"running\"", "\"kind\":\"instant\"", "\"query\":\"endless\"")
          .contains("\"tenant\":\"anonymous\"", "\"client\":\"127.0.0.1\"")
          .contains("\"start\":1767323015,", "\"concurrency\":1,\"queueLimit\":1")
          .containsPattern("\"samplesRead\":[1-9]");
      String id = id(listed);

      HttpResponse<String> other =
          server.send(server.request("/api/v1/queries").header("X-Scope-OrgID", "other"));
      assertThat(other.body()).contains("\"queries\":[]");
      HttpResponse<String> refused =
          server.send(
              server.request("/api/v1/queries/" + id).header("X-Scope-OrgID", "other").DELETE());
      assertThat(refused.statusCode()).isEqualTo(404);
      assertThat(running).isNotDone();

      HttpResponse<String> cancelled =
          server.send(server.request("/api/v1/queries/" + id).DELETE());
      assertThat(cancelled.statusCode()).isEqualTo(200);
      HttpResponse<String> answer = running.get(10, TimeUnit.SECONDS);
      assertThat(answer.statusCode()).isEqualTo(499);
      assertThat(answer.body()).contains("\"canceled\"", "the query was cancelled over the API");

      assertThat(server.get("/api/v1/queries").body()).contains("\"queries\":[]");
      assertThat(server.get("/api/v1/queries/recent", "outcome", "cancelled").body())
          .contains("\"id\":\"" + id + "\"", "\"metrics\":[\"endless\"]", "cancelled over the API");
      assertThat(server.send(server.request("/api/v1/queries/" + id).DELETE()).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void whatEndedIsRememberedWithTheMetricsItNamed() throws Exception {
    try (ApiServer server = new ApiServer()) {
      SampleBatch batch = new SampleBatch();
      for (String name : new String[] {"asked", "never"}) {
        batch.series(Labels.of("__name__", name, "job", "a"));
        batch.sample(ApiServer.NOW.toEpochMilli(), 1);
      }
      server.samples.write(TenantId.ANONYMOUS, batch);
      String sum = "sum(rate(asked[1m])) / sum({__name__=~\"as.*\"})";
      assertThat(server.get("/api/v1/query", "query", sum).status()).isEqualTo(200);
      assertThat(
              server
                  .get(
                      "/api/v1/query_range",
                      "query",
                      "asked",
                      "start",
                      "1",
                      "end",
                      "61",
                      "step",
                      "30")
                  .status())
          .isEqualTo(200);
      assertThat(server.get("/api/v1/query", "query", "sum(").status()).isEqualTo(400);
      assertThat(server.get("/api/v1/series", "match[]", "asked").status()).isEqualTo(200);

      Answer recent = server.get("/api/v1/queries/recent");
      assertThat(recent.body())
          .contains("\"outcome\":\"failed\"", "parse error", "\"kind\":\"series\"")
          .contains("\"start\":1,\"end\":61,\"step\":30");
      assertThat(recent.body().split("\"id\":", -1)).hasSize(5);
      assertThat(server.get("/api/v1/queries/recent", "limit", "1").body().split("\"id\":", -1))
          .hasSize(2);
      assertThat(server.get("/api/v1/queries/recent", "min_duration", "1h").body())
          .contains("\"queries\":[]");
      assertThat(server.get("/api/v1/queries/recent", "log", "slow").status()).isEqualTo(200);
      Answer bad = server.get("/api/v1/queries/recent", "order", "beauty");
      assertThat(bad.status()).isEqualTo(400);
      assertThat(bad.body()).contains("none of time, duration and samples");

      assertThat(server.get("/api/v1/status/metric_usage").body())
          .contains(
              "{\"name\":\"asked\",\"queries\":3,", "{\"name\":\"=~\\\"as.*\\\"\",\"queries\":1,");
      assertThat(server.get("/api/v1/status/metric_usage", "unused", "true").body())
          .contains("\"unusedMetrics\":1", "{\"name\":\"never\",\"series\":")
          .doesNotContain("\"name\":\"asked\"");
      assertThat(server.get("/api/v1/status/metric_usage", "unused", "maybe").status())
          .isEqualTo(400);
    }
  }

  private static String id(String listed) {
    Matcher id = ID.matcher(listed);
    assertThat(id.find()).as(listed).isTrue();
    return id.group(1);
  }
}
