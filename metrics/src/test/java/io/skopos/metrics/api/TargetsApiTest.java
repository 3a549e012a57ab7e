// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
  }
}
