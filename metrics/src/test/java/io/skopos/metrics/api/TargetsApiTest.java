// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TargetsApiTest {

  private static final String ACTIVE =
      "{\"discoveredLabels\":{\"__address__\":\"h:1\",\"job\":\"a\"},"
          + "\"labels\":{\"instance\":\"h:1\",\"job\":\"a\"},\"scrapePool\":\"a\","
          + "\"scrapeUrl\":\"http://h:1/metrics\",\"globalUrl\":\"http://g:1/metrics\","
          + "\"lastError\":\"refused\",\"lastScrape\":\"2026-01-02T03:04:05.678Z\","
          + "\"lastScrapeDuration\":0.0025,\"health\":\"down\",\"scrapeInterval\":\"1m30s\","
          + "\"scrapeTimeout\":\"10s\"}";

  private static final String DROPPED =
      "{\"discoveredLabels\":{\"__address__\":\"h:2\"},\"scrapePool\":\"b\"}";

  @Test
  void targetsByStateAndPool() throws Exception {
    try (ApiServer server = new ApiServer(QueryConfig.DEFAULT, new TwoTargets(), null)) {
      assertThat(server.get("/api/v1/targets").body())
          .isEqualTo(answer(ACTIVE + "," + ACTIVE_NEVER_SCRAPED, DROPPED, "{\"a\":0,\"b\":7}"));
      assertThat(server.get("/api/v1/targets", "state", "active", "scrapePool", "a").body())
          .isEqualTo(answer(ACTIVE, "", "null"));
      assertThat(server.get("/api/v1/targets", "state", "dropped", "scrapePool", "b").body())
          .isEqualTo(answer("", DROPPED, "{\"b\":7}"));
      assertThat(server.get("/api/v1/targets", "state", "x").body())
          .isEqualTo(answer("", "", "null"));
      assertThat(server.get("/api/v1/scrape_pools").body())
          .isEqualTo("{\"status\":\"success\",\"data\":{\"scrapePools\":[\"a\",\"b\"]}}");
    }
  }

  @Test
  void whatTargetsSayOfTheirMetrics() throws Exception {
    try (ApiServer server = new ApiServer(QueryConfig.DEFAULT, new TwoTargets(), null)) {
      String target = "{\"target\":{\"instance\":\"h:1\",\"job\":\"a\"},";
      String path = "/api/v1/targets/metadata";
      assertThat(server.get(path, "metric", "y").body())
          .isEqualTo(
              success("[" + target + "\"type\":\"counter\",\"help\":\"An y\",\"unit\":\"\"}]"));
      assertThat(server.get(path, "limit", "1", "match_target", "{job=~\"a|b\"}").body())
          .isEqualTo(
              success(
                  "["
                      + target
                      + "\"metric\":\"x\",\"type\":\"counter\",\"help\":\"An x\",\"unit\":\"\"}]"));
      assertThat(server.get(path, "match_target", "{job!=\"a\",instance=\"h:1\"}").body())
          .isEqualTo(success("[]"));
      assertThat(server.get(path, "match_target", "{job=").status()).isEqualTo(400);
    }
  }

  @Test
  void relabelStepsScrapesAndDiscoveries() throws Exception {
    try (ApiServer server = new ApiServer(QueryConfig.DEFAULT, new TwoTargets(), null)) {
      String path = "/api/v1/targets/relabel_steps";
      assertThat(server.get(path, "scrapePool", "a", "labels", "{\"b\":\"1\"}").body())
          .isEqualTo(
              success(
                  "{\"steps\":[{\"rule\":{\"source_labels\":[\"b\"],\"action\":\"hashmod\","
                      + "\"modulus\":18446744073709551615},\"output\":{\"b\":\"1\",\"c\":\"1\"},"
                      + "\"keep\":true},{\"rule\":{\"action\":\"drop\"},\"output\":{},"
                      + "\"keep\":false}]}"));
      assertThat(server.get(path, "scrapePool", "z", "labels", "{}").status()).isEqualTo(404);
      for (String bad : new String[] {"", "[]", "{\"a\":1}", "{\"a\":\"1\"", "x"}) {
        assertThat(server.get(path, "scrapePool", "a", "labels", bad).status()).isEqualTo(400);
      }
      assertThat(server.get("/api/v1/status/scrapes", "instance", "h:1").body())
          .isEqualTo(
              success(
                  "[{\"scrapePool\":\"a\",\"labels\":{\"instance\":\"h:1\"},"
                      + "\"scrapeUrl\":\"http://h:1/\",\"scrapes\":[{"
                      + "\"time\":\"2026-01-02T03:04:05.678Z\",\"durationSeconds\":0.0025,"
                      + "\"up\":false,\"error\":\"no\",\"bodyBytes\":10,\"samplesScraped\":4,"
                      + "\"samplesStored\":3,\"seriesAdded\":2,\"duplicates\":1,"
                      + "\"outOfBounds\":0}]}]"));
      assertThat(server.get("/api/v1/status/discoveries").body())
          .isEqualTo(success("[{\"kind\":\"dns\",\"targets\":3,\"problem\":\"no answer\"}]"));
    }
  }

  private static String success(String data) {
    return "{\"status\":\"success\",\"data\":" + data + "}";
  }

  private static final String ACTIVE_NEVER_SCRAPED =
      ACTIVE
          .replace("\"scrapePool\":\"a\"", "\"scrapePool\":\"b\"")
          .replace("refused", "")
          .replace("2026-01-02T03:04:05.678Z", "0001-01-01T00:00:00Z")
          .replace("0.0025", "0")
          .replace("down", "unknown");

  private static String answer(String active, String dropped, String counts) {
    return "{\"status\":\"success\",\"data\":{\"activeTargets\":["
        + active
        + "],\"droppedTargets\":["
        + dropped
        + "],\"droppedTargetCounts\":"
        + counts
        + "}}";
  }

  private static final class TwoTargets implements TargetsView {

    @Override
    public List<ActiveTarget> active(TenantId tenant) {
      return List.of(
          target("a", "refused", ApiServer.NOW, Duration.ofNanos(2_500_000), Health.DOWN),
          new ActiveTarget(
              Labels.of("__address__", "h:1", "job", "a"),
              Labels.of("instance", "h:1", "job", "a"),
              "b",
              "http://h:1/metrics",
              "http://g:1/metrics",
              "",
              null,
              Duration.ZERO,
              Health.UNKNOWN,
              Duration.ofSeconds(90),
              Duration.ofSeconds(10)));
    }

    private static ActiveTarget target(
        String pool, String error, Instant last, Duration took, Health health) {
      return new ActiveTarget(
          Labels.of("__address__", "h:1", "job", "a"),
          Labels.of("instance", "h:1", "job", "a"),
          pool,
          "http://h:1/metrics",
          "http://g:1/metrics",
          error,
          last,
          took,
          health,
          Duration.ofSeconds(90),
          Duration.ofSeconds(10));
    }

    @Override
    public List<DroppedTarget> dropped(TenantId tenant) {
      return List.of(new DroppedTarget(Labels.of("__address__", "h:2"), "b"));
    }

    @Override
    public Map<String, Integer> droppedCounts(TenantId tenant) {
      return Map.of("a", 0, "b", 7);
    }

    @Override
    public List<String> scrapePools(TenantId tenant) {
      return List.of("a", "b");
    }

    @Override
    public List<TargetMetadata> metadata(
        TenantId tenant, Predicate<Labels> targets, String metric, int limit) {
      return Stream.of("x", "y")
          .filter(name -> metric.isEmpty() || metric.equals(name))
          .map(name ->
              new TargetMetadata(
                  Labels.of("job", "a", "instance", "h:1"),
                  name,
                  new MetricMetadata("counter", "An " + name, "")))
          .filter(one -> targets.test(one.target()))
          .limit(limit)
          .toList();
    }

    @Override
    public @Nullable List<RelabelStep> relabelSteps(
        TenantId tenant, String scrapePool, Labels discovered) {
      if (!scrapePool.equals("a")) {
        return null;
      }
      return List.of(
          new RelabelStep(
              List.of("b"),
              Map.of("action", "hashmod"),
              -1,
              new LabelsBuilder(discovered).set("c", "1").build(),
              true),
          new RelabelStep(List.of(), Map.of("action", "drop"), 0, Labels.EMPTY, false));
    }

    @Override
    public List<TargetHistory> histories(TenantId tenant) {
      Scrape scrape =
          new Scrape(ApiServer.NOW, Duration.ofNanos(2_500_000), "no", 10, 4, 3, 2, 1, 0);
      return List.of(
          new TargetHistory("a", Labels.of("instance", "h:1"), "http://h:1/", List.of(scrape)),
          new TargetHistory("b", Labels.of("instance", "h:2"), "http://h:2/", List.of()));
    }

    @Override
    public List<DiscoveryState> discoveries(TenantId tenant) {
      return List.of(new DiscoveryState("dns", 3, "no answer"));
    }
  }
}
