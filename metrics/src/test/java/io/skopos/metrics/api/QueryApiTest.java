// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.storage.Deletion;
import io.skopos.testkit.process.PrometheusApi.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Shapes and texts; the values themselves are proven by the language's own tests. */
class QueryApiTest {

  private static final long T = 1_767_323_000_000L;

  private static ApiServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new ApiServer();
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "up", "instance", "a\"b\\c\nd\u0001", "job", "ü"));
    for (int i = 0; i <= 20; i++) {
      batch.sample(T + i * 15_000, i * 0.5);
    }
    batch.series(Labels.of("__name__", "up", "instance", "b", "job", "y"));
    batch.sample(T, Double.NaN);
    batch.sample(T + 15_000, Double.POSITIVE_INFINITY);
    batch.series(Labels.of("__name__", "latency"));
    batch.sample(T - 15_000, 1);
    batch.histogram(
        T,
        new NativeHistogram(
            0,
            true,
            ResetHint.UNKNOWN,
            0.25,
            2,
            12,
            33.5,
            new Buckets(new int[] {0, 2, 1, 1}, new double[] {3, 0, 1}),
            new Buckets(new int[] {1, 1}, new double[] {6}),
            NativeHistogram.NO_CUSTOM_VALUES),
        0);
    batch.series(Labels.of("__name__", "size"));
    batch.histogram(
        T,
        new NativeHistogram(
            NativeHistogram.CUSTOM_BUCKETS,
            true,
            ResetHint.UNKNOWN,
            0,
            0,
            3,
            7,
            new Buckets(new int[] {0, 2}, new double[] {1, 2}),
            Buckets.NONE,
            new double[] {2.5}),
        0);
    server.samples.write(TenantId.ANONYMOUS, batch);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void answersInPrometheusShapes() throws Exception {
    String time = "1767323015.5";
    assertThat(get("/api/v1/query", "query", "up", "time", time))
        .isEqualTo(
            "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
                + "{\"metric\":{\"__name__\":\"up\",\"instance\":\"a\\\"b\\\\c\\nd\\u0001\","
                + "\"job\":\"ü\"},\"value\":[1767323015.500,\"0.5\"]},"
                + "{\"metric\":{\"__name__\":\"up\",\"instance\":\"b\",\"job\":\"y\"},"
                + "\"value\":[1767323015.500,\"+Inf\"]}]}}");
    assertThat(get("/api/v1/query", "query", "1 / 3", "time", time))
        .isEqualTo(
            "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\","
                + "\"result\":[1767323015.500,\"0.3333333333333333\"]}}");
    assertThat(get("/api/v1/query", "query", "\"te<xt\"", "time", time))
        .isEqualTo(
            "{\"status\":\"success\",\"data\":{\"resultType\":\"string\","
                + "\"result\":[1767323015.500,\"te<xt\"]}}");
    assertThat(get("/api/v1/query", "query", "up{job=\"y\"}[20s]", "time", time))
        .isEqualTo(
            "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":["
                + "{\"metric\":{\"__name__\":\"up\",\"instance\":\"b\",\"job\":\"y\"},"
                + "\"values\":[[1767323000,\"NaN\"],[1767323015,\"+Inf\"]]}]}}");
    assertThat(
            get(
                "/api/v1/query_range",
                "query",
                "sum(up{job!=\"y\"})",
                "start",
                "1767323000",
                "end",
                "2026-01-02T03:03:50Z",
                "step",
                "15s"))
        .isEqualTo(
            "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":["
                + "{\"metric\":{},\"values\":[[1767323000,\"0\"],[1767323015,\"0.5\"],"
                + "[1767323030,\"1\"]]}]}}");
  }

  @Test
  void histogramsHaveCountSumAndBuckets() throws Exception {
    String histogram =
        "{\"count\":\"12\",\"sum\":\"33.5\",\"buckets\":[[1,\"-2\",\"-1\",\"6\"],"
            + "[3,\"-0.25\",\"0.25\",\"2\"],[0,\"0.5\",\"1\",\"3\"],[0,\"4\",\"8\",\"1\"]]}";
    assertThat(get("/api/v1/query", "query", "latency", "time", "1767323000"))
        .contains(
            "\"result\":[{\"metric\":{\"__name__\":\"latency\"},\"histogram\":[1767323000,"
                + histogram
                + "]}]");
    assertThat(get("/api/v1/query", "query", "latency[1m]", "time", "1767323000"))
        .contains(
            "{\"metric\":{\"__name__\":\"latency\"},\"values\":[[1767322985,\"1\"]],"
                + "\"histograms\":[[1767323000,"
                + histogram
                + "]]}");
    assertThat(get("/api/v1/query", "query", "size[1m]", "time", "1767323000"))
        .contains(
            "{\"metric\":{\"__name__\":\"size\"},\"histograms\":[[1767323000,"
                + "{\"count\":\"3\",\"sum\":\"7\",\"buckets\":[[3,\"-Inf\",\"2.5\",\"1\"],"
                + "[0,\"2.5\",\"+Inf\",\"2\"]]}]]}");
    assertThat(get("/api/v1/query", "query", "size * 0", "time", "1767323000"))
        .contains("\"histogram\":[1767323000,{\"count\":\"0\",\"sum\":\"0\"}]");
  }

  @Test
  void theTimeIsNowUnlessGiven() throws Exception {
    assertThat(get("/api/v1/query", "query", "time()"))
        .contains("[1767323045.678,\"1767323045.678\"]");
  }

  @Test
  void formsWorkAsWellAsQueryStrings() throws Exception {
    HttpResponse<String> posted =
        server.send(
            server
                .request("/api/v1/query?time=5")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("query=vector(1)&time=7")));
    assertThat(posted.body()).contains("\"value\":[7,\"1\"]");
    assertThat(posted.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  @Test
  void limitsTruncateWithAWarning() throws Exception {
    String warned = ",\"warnings\":[\"results truncated due to limit\"]}";
    assertThat(get("/api/v1/query", "query", "up", "time", "1767323000", "limit", "1"))
        .contains("a\\\"b")
        .doesNotContain("\"y\"")
        .endsWith(warned);
    assertThat(get("/api/v1/query", "query", "up", "time", "1767323000", "limit", "2"))
        .doesNotContain("warnings");
    assertThat(get("/api/v1/labels", "limit", "2"))
        .isEqualTo("{\"status\":\"success\",\"data\":[\"__name__\",\"instance\"]" + warned);
    assertThat(get("/api/v1/label/job/values", "limit", "1")).contains("[\"y\"]").endsWith(warned);
    assertThat(get("/api/v1/series", "match[]", "up", "limit", "1"))
        .contains("a\\\"b")
        .doesNotContain("\"y\"")
        .endsWith(warned);
  }

  @Test
  void annotationsStandBesideTheData() throws Exception {
    assertThat(get("/api/v1/query", "query", "rate(up[1m])", "time", "1767323060"))
        .contains("\"infos\":[\"PromQL info: metric might not be a counter");
    assertThat(get("/api/v1/query", "query", "quantile(2, up)", "time", "1767323060"))
        .contains(
            "\"warnings\":[\"PromQL warning: quantile value should be between 0 and 1, got 2");
  }

  @Test
  void statisticsOnRequest() throws Exception {
    assertThat(
            get(
                "/api/v1/query_range",
                "query",
                "up",
                "start",
                "1767323000",
                "end",
                "1767323015",
                "step",
                "15",
                "stats",
                "all"))
        .contains("\"stats\":{\"timings\":{\"evalTotalTime\":")
        .contains(
            "\"samples\":{\"totalQueryableSamplesPerStep\":[[1767323000,2],[1767323015,2]],"
                + "\"totalQueryableSamples\":4,");
    assertThat(get("/api/v1/query", "query", "up", "stats", "1"))
        .contains("\"samples\":{\"totalQueryableSamples\":");
  }

  @Test
  void badParametersHavePrometheusTexts() throws Exception {
    bad("invalid parameter \"query\": 1:3: parse error: unexpected end of input", "query", "1+");
    bad(
        "invalid parameter \"time\": invalid time value for 'time': cannot parse \"x\" to a valid"
            + " timestamp",
        "query",
        "up",
        "time",
        "x");
    bad(
        "invalid parameter \"timeout\": cannot parse \"x\" to a valid duration",
        "query",
        "up",
        "timeout",
        "x");
    bad("invalid parameter \"limit\": limit must be non-negative", "query", "up", "limit", "-1");
    bad(
        "error parsing lookback delta duration: cannot parse \"x\" to a valid duration",
        "query",
        "up",
        "lookback_delta",
        "x");
    badRange(
        "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query"
            + " resolution (?step=XX)",
        "0",
        "11001",
        "1");
    badRange(
        "invalid parameter \"step\": zero or negative query resolution step widths are not"
            + " accepted. Try a positive integer",
        "0",
        "1",
        "0");
    badRange(
        "invalid parameter \"end\": end timestamp must not be before start time", "2", "1", "1");
    badRange("invalid parameter \"start\": cannot parse \"\" to a valid timestamp", "", "1", "1");
    badRange("invalid parameter \"step\": cannot parse \"x\" to a valid duration", "0", "1", "x");
    Answer type =
        server.get("/api/v1/query_range", "query", "up[5m]", "start", "1", "end", "2", "step", "1");
    assertThat(type.body())
        .isEqualTo(
            error(
                "bad_data",
                "invalid parameter \"query\": invalid expression type \"range vector\" for range"
                    + " query, must be Scalar or instant Vector"));
  }

  @Test
  void failuresOfEvaluationAre422() throws Exception {
    Answer answer = server.get("/api/v1/query", "query", "up + on() up", "time", "1767323000");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body())
        .startsWith(
            "{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"found duplicate series"
                + " for the match group {}");
  }

  @Test
  void spentBudgetsNameTheLimit() throws Exception {
    Answer late =
        server.get(
            "/api/v1/query",
            "query",
            "sum_over_time(up[1h:1ms])",
            "time",
            "1767323300",
            "timeout",
            "1ms");
    assertThat(late.status()).isEqualTo(503);
    assertThat(late.body())
        .isIn(
            error("timeout", "query timed out in expression evaluation"),
            error("timeout", "query timed out in query queue"));
  }

  @Test
  void seriesAndLabels() throws Exception {
    assertThat(get("/api/v1/series", "match[]", "up{job=\"y\"}", "match[]", "nope"))
        .isEqualTo(
            "{\"status\":\"success\",\"data\":[{\"__name__\":\"up\",\"instance\":\"b\","
                + "\"job\":\"y\"}]}");
    assertThat(get("/api/v1/series", "match[]", "up", "start", "10", "end", "5"))
        .isEqualTo("{\"status\":\"success\",\"data\":[]}");
    assertThat(get("/api/v1/series", "match[]", "up", "end", "5"))
        .isEqualTo("{\"status\":\"success\",\"data\":[]}");
    assertThat(get("/api/v1/labels", "match[]", "up"))
        .isEqualTo("{\"status\":\"success\",\"data\":[\"__name__\",\"instance\",\"job\"]}");
    assertThat(get("/api/v1/label/U__job/values")).contains("[\"y\",\"ü\"]");
    assertThat(get("/api/v1/label/job/values", "match[]", "up{job!=\"y\"}")).contains("[\"ü\"]");
    assertThat(get("/api/v1/label/a-b/values")).contains("\"data\":[]");
    assertThat(server.get("/api/v1/label/%FF/values").status()).isEqualTo(400);

    assertError("/api/v1/series", "no match[] parameter provided");
    assertError(
        "/api/v1/series",
        "invalid parameter \"match[]\": match[] must contain at least one non-empty matcher",
        "match[]",
        "{}");
    assertError(
        "/api/v1/series",
        "invalid parameter \"match[]\": 1:4: parse error: unexpected end of input inside braces",
        "match[]",
        "up{");
    assertError(
        "/api/v1/labels",
        "1:2: parse error: unexpected end of input inside braces",
        "match[]",
        "{");
  }

  @Test
  void tenantsAreApart() throws Exception {
    HttpResponse<String> other =
        server.send(server.request("/api/v1/labels").header("X-Scope-OrgID", "other"));
    assertThat(other.body()).isEqualTo("{\"status\":\"success\",\"data\":[]}");
    HttpResponse<String> bad =
        server.send(server.request("/api/v1/labels").header("X-Scope-OrgID", "a/b"));
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(bad.body()).startsWith("{\"status\":\"error\",\"errorType\":\"bad_data\"");
  }

  @Test
  void rulesAlertsAndStatus() throws Exception {
    assertThat(get("/api/v1/rules")).isEqualTo("{\"status\":\"success\",\"data\":{\"groups\":[]}}");
    assertThat(get("/api/v1/alerts"))
        .isEqualTo("{\"status\":\"success\",\"data\":{\"alerts\":[]}}");
    assertError(
        "/api/v1/rules", "invalid parameter \"type\": not supported value \"x\"", "type", "x");
    assertThat(get("/api/v1/metadata")).isEqualTo("{\"status\":\"success\",\"data\":{}}");
    assertError("/api/v1/metadata", "limit must be a number", "limit", "x");
    assertThat(get("/api/v1/status/config"))
        .isEqualTo(
            "{\"status\":\"success\",\"data\":{\"yaml\":\"global:\\n  scrape_interval:"
                + " 15s\\n\"}}");
    assertThat(get("/api/v1/status/flags"))
        .isEqualTo(
            "{\"status\":\"success\",\"data\":{\"data\":\"/d\",\"web.listen\":\"127.0.0.1:0\"}}");
    assertThat(get("/api/v1/status/buildinfo"))
        .contains("\"version\":\"3.5.0\"", "\"application\":\"Skopos\"", "\"0.1.0\"");
    assertThat(get("/api/v1/status/runtimeinfo"))
        .contains(
            "\"startTime\":\"2026-01-02T03:03:05.678Z\"",
            "\"serverTime\":\"2026-01-02T03:04:05.678Z\"",
            "\"reloadConfigSuccess\":true",
            "\"corruptionCount\":2",
            "\"storageRetention\":\"15d\"");
    assertThat(get("/api/v1/status/tsdb")).contains("\"headStats\":{\"numSeries\":4,");
    assertError("/api/v1/status/tsdb", "limit must be a positive number", "limit", "0");
  }

  @Test
  void deletingNeedsTheAdminApi() throws Exception {
    String path = "/api/v1/admin/tsdb/delete_series?match%5B%5D=up&start=1&end=2";
    HttpResponse<String> off =
        server.send(server.request(path).POST(HttpRequest.BodyPublishers.noBody()));
    assertThat(off.statusCode()).isEqualTo(503);
    assertThat(off.body()).contains("admin APIs disabled", "query.admin_api");

    QueryConfig config = QueryConfig.DEFAULT.withAdminApi();
    try (ApiServer admin = new ApiServer(config, TargetsView.NONE, null)) {
      HttpResponse<String> on =
          admin.send(admin.request(path).PUT(HttpRequest.BodyPublishers.noBody()));
      assertThat(on.statusCode()).isEqualTo(204);
      assertThat(admin.intake.deletions)
          .containsExactly(
              new Deletion(List.of(Matcher.equal("__name__", "up")), new TimeRange(1000, 2000)));
      assertThat(admin.send(admin.request(path)).statusCode()).isEqualTo(405);
    }
  }

  private String get(String path, String... namesAndValues) throws Exception {
    Answer answer = server.get(path, namesAndValues);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private void bad(String expected, String... namesAndValues) throws Exception {
    assertError("/api/v1/query", expected, namesAndValues);
  }

  private void badRange(String expected, String start, String end, String step) throws Exception {
    assertError(
        "/api/v1/query_range", expected, "query", "up", "start", start, "end", end, "step", step);
  }

  private void assertError(String path, String expected, String... namesAndValues)
      throws Exception {
    Answer answer = server.get(path, namesAndValues);
    assertThat(answer.body()).isEqualTo(error("bad_data", expected));
    assertThat(answer.status()).isEqualTo(400);
  }

  private static String error(String type, String text) {
    return "{\"status\":\"error\",\"errorType\":\""
        + type
        + "\",\"error\":\""
        + text.replace("\"", "\\\"")
        + "\"}";
  }
}
