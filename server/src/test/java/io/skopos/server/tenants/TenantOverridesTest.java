// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.tenants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.server.ServerOptions;
import io.skopos.server.SkoposServer;
import io.skopos.server.config.ConfigException;
import io.skopos.server.config.ConfigLoader;
import io.skopos.storage.BucketUse;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tenants' own limits and times, over a real server. */
class TenantOverridesTest {

  private static final String COMMON =
      """
      web: {listen: ["127.0.0.1:0"]}
      collect: {enabled: false}
      host_metrics: {enabled: false}
      self_monitoring: {enabled: false}
      overrides_file: tenants.yml
      intake: {series: 100}
      """;

  @TempDir Path directory;

  private SkoposServer start() throws Exception {
    Path config = directory.resolve("skopos.yml");
    return SkoposServer.start(
        new ServerOptions(
            directory.resolve("data"),
            BucketUse.Mode.OWN,
            Map.of(),
            () -> ConfigLoader.load(config, Map.of())));
  }

  private void config(String more, String tenants) throws Exception {
    Files.writeString(directory.resolve("skopos.yml"), COMMON + more);
    Files.writeString(directory.resolve("tenants.yml"), tenants);
  }

  @Test
  void aTenantsLimitsHoldForItAloneAndChangeWithAReload() throws Exception {
    config(
        "",
        """
        overrides:
          small:
            intake: {series: 2, label_value_bytes: 10}
            query: {max_series: 1}
            retention: {time: 1d}
        """);
    long now = Instant.now().toEpochMilli();
    try (SkoposServer server = start()) {
      String three = "a 1\na{b=\"1\"} 1\na{b=\"2\"} 1\n";
      assertThat(send(server, "big", three)).isEqualTo("204 ");
      assertThat(send(server, "small", three))
          .startsWith("400 kept 2 samples, refused 1")
          .contains("1 by intake.series: the series {__name__=\"a\", b=\"2\"} is new")
          .contains("overrides.small.intake.series");
      assertThat(send(server, "small", "a 1 0\na 1 " + now + "\na{b=\"12345678901\"} 3\n"))
          .startsWith("400 kept 1 samples, refused 2")
          .contains("storage.retention")
          .contains("a value of 11 bytes in the label 'b', the limit is 10");
      assertThat(send(server, "big", "a 1 0\n")).as("no retention").isEqualTo("204 ");

      assertThat(ask(server, "small", "/api/v1/query?query=a"))
          .startsWith("422")
          .contains("query.max_series");
      assertThat(ask(server, "big", "/api/v1/query?query=a")).startsWith("200");

      assertThat(ask(server, "small", "/api/v1/status/limits"))
          .contains(
              "{\"limit\":\"intake.series\",\"value\":\"2\",\"source\":\"override\",\"override\":"
                  + "\"overrides.small.intake.series\",\"usedRatio\":1.0}")
          .contains("{\"limit\":\"retention.time\",\"value\":\"1d\",\"source\":\"override\"");
      assertThat(ask(server, "big", "/api/v1/status/limits"))
          .contains("{\"limit\":\"intake.series\",\"value\":\"100\",\"source\":\"default\"")
          .contains("\"usedRatio\":0.03");

      config("", "small: {intake: {series: 3}}\n");
      assertThat(post(server, "small", "/-/reload", "")).startsWith("200");
      assertThat(send(server, "small", three)).isEqualTo("204 ");
      assertThat(ask(server, "small", "/api/v1/query?query=a")).startsWith("200");

      config("", "small: {intake: {serie: 3}}\n");
      assertThat(post(server, "small", "/-/reload", ""))
          .startsWith("500")
          .contains(
              "tenants.yml:1: overrides.small.intake.serie: unknown key; did you mean series?");
      assertThat(send(server, "small", three)).as("the old ones stay").isEqualTo("204 ");
    }
  }

  @Test
  void badOverridesAreRefusedWithLineAndNearestKey() throws Exception {
    assertBad("a/b: {}\n", "tenants.yml:1: overrides: tenant id 'a/b'");
    assertBad("a: {query: {queue: 3}}\n", "is the same for all tenants; set query.queue");
    assertBad("a: {intak: {}}\n", "did you mean intake?");
    assertBad("a: {intake: {series: many}}\n", "'many' is not a number");
    assertBad("a: {retention: {rules: [{selector: '{', time: 1d}]}}\n", "the selector '{'");
    assertBad(
        "a: {retention: {rules: [{selector: '{a=\"b\"}'}]}}\n", "needs a selector and a time");
    assertBad("a: {query: {timeout: 0s}}\n", "must be positive");
  }

  private void assertBad(String tenants, String expected) throws Exception {
    config("", tenants);
    assertThatThrownBy(this::start)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void seriesWithAShorterRetentionAreHiddenAtOnceAndDeletedDayByDay() throws Exception {
    config(
        """
        storage:
          retention: {rules: [{selector: '{job="debug"}', time: 2d}]}
        """,
        "other: {retention: {rules: []}}\n");
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    StringBuilder lines = new StringBuilder();
    for (int hours = 0; hours < 24 * 5; hours += 6) {
      long time = now.minus(Duration.ofHours(hours)).toEpochMilli();
      lines.append("x{job=\"debug\"} ").append(hours).append(' ').append(time).append('\n');
      lines.append("x{job=\"keep\"} ").append(hours).append(' ').append(time).append('\n');
    }
    String count = "/api/v1/query?query=" + encoded("count_over_time(x[6d])");
    String hidden = "\"job\":\"debug\"},\"value\":[";
    try (SkoposServer server = start()) {
      assertThat(send(server, "anonymous", lines.toString())).isEqualTo("204 ");
      assertThat(send(server, "other", lines.toString())).isEqualTo("204 ");
      assertThat(debugCount(ask(server, "anonymous", count))).as("in heads").isIn("8", "9");
      assertThat(debugCount(ask(server, "other", count))).isEqualTo("20");
      assertThat(ask(server, "anonymous", count)).contains("\"job\":\"keep\"").contains("\"20\"");
      assertThat(post(server, "anonymous", "/-/flush", "")).startsWith("200");
      assertThat(debugCount(ask(server, "anonymous", count))).as("in parts").isIn("8", "9");
    }
    try (SkoposServer server = start()) {
      assertThat(debugCount(ask(server, "anonymous", count))).as("after a restart").isIn("8", "9");
      awaitMetric(server, "skopos_retention_rule_deletions_total 1");
      // Without the rule the deletion of whole days is still there.
      config("", "");
      assertThat(post(server, "anonymous", "/-/reload", "")).startsWith("200");
      assertThat(Integer.parseInt(debugCount(ask(server, "anonymous", count)))).isBetween(8, 13);
      assertThat(debugCount(ask(server, "other", count))).isEqualTo("20");
      assertThat(ask(server, "anonymous", count)).contains(hidden);
    }
  }

  @Test
  void streamsAreKeptShorterOrLongerThanTheRestByTheRuleWithTheGreatestPriority() throws Exception {
    config(
        """
        storage:
          retention:
            logs: 3d
            rules:
              - {selector: '{app="debug"}', signal: logs, time: 1d}
              - {selector: '{env=~"dev|test"}', signal: logs, time: 2d}
              - {selector: '{app="audit"}', signal: logs, time: 100d, priority: 1}
              - {selector: '{app="rest"}', time: 1d}
        """,
        "other: {retention: {rules: [], logs: 90d}}\n");
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    StringBuilder values = new StringBuilder();
    for (int hours = 0; hours < 24 * 5; hours += 6) {
      long time = now.minus(Duration.ofHours(hours)).toEpochMilli();
      values.append(hours == 0 ? "" : ",").append("[\"").append(time).append("000000\",\"line\"]");
    }
    StringBuilder streams = new StringBuilder();
    for (String labels :
        new String[] {
          "\"app\":\"debug\",\"env\":\"prod\"",
          "\"app\":\"audit\",\"env\":\"dev\"",
          "\"app\":\"dev\",\"env\":\"dev\"",
          "\"app\":\"rest\",\"env\":\"prod\""
        }) {
      streams
          .append(streams.isEmpty() ? "" : ",")
          .append("{\"stream\":{" + labels + "},\"values\":[" + values + "]}");
    }
    String push = "{\"streams\":[" + streams + "]}";
    String expected = "audit 20, debug 4, dev 8, rest 12";
    try (SkoposServer server = start()) {
      assertThat(postJson(server, "anonymous", "/loki/api/v1/push", push)).startsWith("204");
      assertThat(postJson(server, "other", "/loki/api/v1/push", push)).startsWith("204");
      assertThat(counts(server, "anonymous")).as("in heads").isEqualTo(expected);
      assertThat(counts(server, "other")).isEqualTo("audit 20, debug 20, dev 20, rest 20");
      assertThat(post(server, "anonymous", "/-/flush", "")).startsWith("200");
      assertThat(counts(server, "anonymous")).as("in parts").isEqualTo(expected);
    }
    try (SkoposServer server = start()) {
      assertThat(counts(server, "anonymous")).as("after a restart").isEqualTo(expected);
      // One for each rule of logs, and one for the rest.
      awaitMetric(server, "skopos_retention_rule_deletions_total 3");
      // Without the rules the deletions of whole days are still there.
      config("", "");
      assertThat(post(server, "anonymous", "/-/reload", "")).startsWith("200");
      String kept = counts(server, "anonymous");
      assertThat(kept).startsWith("audit 20, debug ").isNotEqualTo(expected);
      assertThat(Integer.parseInt(kept.replaceAll(".*debug (\\d+).*", "$1"))).isBetween(4, 9);
      assertThat(Integer.parseInt(kept.replaceAll(".*dev (\\d+).*", "$1"))).isBetween(8, 13);
      assertThat(Integer.parseInt(kept.replaceAll(".*rest (\\d+).*", "$1"))).isBetween(12, 17);
    }
    try (SkoposServer server = start()) {
      assertThat(counts(server, "anonymous")).startsWith("audit 20, debug ");
      assertThat(counts(server, "other")).isEqualTo("audit 20, debug 20, dev 20, rest 20");
    }
  }

  @Test
  void rulesAreReadInTheirSignalsLanguage() throws Exception {
    assertBad(
        "a: {retention: {rules: [{selector: 'up', signal: logs, time: 1d}]}}\n",
        "the selector 'up'");
    assertBad(
        "a: {retention: {rules: [{selector: '{a=\"b\"}', signal: events, time: 1d}]}}\n",
        "metrics or logs, not events");
  }

  /** How many entries each app has, as a list in words. */
  private static String counts(SkoposServer server, String tenant) throws Exception {
    String query = encoded("sort(sum by (app) (count_over_time({app=~\".+\"}[6d])))");
    String answer = ask(server, tenant, "/loki/api/v1/query?query=" + query);
    List<String> counts = new ArrayList<>();
    Matcher each =
        Pattern.compile("\"app\":\"(\\w+)\"},\"value\":\\[[0-9.]+,\"(\\d+)\"").matcher(answer);
    while (each.find()) {
      counts.add(each.group(1) + " " + each.group(2));
    }
    assertThat(counts).as(answer).isNotEmpty();
    return String.join(", ", counts.stream().sorted().toList());
  }

  private static String postJson(SkoposServer server, String tenant, String path, String body)
      throws Exception {
    return TenantRequests.exchange(
        server,
        tenant,
        path,
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static void awaitMetric(SkoposServer server, String line) throws Exception {
    for (int attempt = 0; attempt < 300; attempt++) {
      if (ask(server, "anonymous", "/metrics").contains(line)) {
        return;
      }
      Thread.sleep(50);
    }
    assertThat(ask(server, "anonymous", "/metrics")).contains(line);
  }

  /** Of the series with job="debug". */
  private static String debugCount(String answer) {
    int at = answer.indexOf("\"debug\"}");
    assertThat(at).as(answer).isPositive();
    int value = answer.indexOf(",\"", answer.indexOf('[', at)) + 2;
    return answer.substring(value, answer.indexOf('"', value));
  }

  private static String send(SkoposServer server, String tenant, String lines) throws Exception {
    return post(server, tenant, "/api/v1/import/prometheus", lines);
  }

  private static String post(SkoposServer server, String tenant, String path, String body)
      throws Exception {
    return TenantRequests.exchange(
        server,
        tenant,
        path,
        HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static String ask(SkoposServer server, String tenant, String path) throws Exception {
    return TenantRequests.exchange(server, tenant, path, HttpRequest.newBuilder());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
