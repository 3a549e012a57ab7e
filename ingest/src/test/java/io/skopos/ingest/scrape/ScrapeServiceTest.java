// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.ingest.scrape.CollectedSamples.Sample;
import io.skopos.ingest.scrape.config.PrometheusConfig;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.metrics.api.TargetsView.ActiveTarget;
import io.skopos.metrics.api.TargetsView.Health;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrapeServiceTest {

  private static final TenantId TENANT = new TenantId("acme");

  @TempDir Path directory;

  private final CollectedSamples collected = new CollectedSamples();
  private TargetServer server;
  private ScrapeService service;
  private volatile long oldestKeptMs = Long.MIN_VALUE;

  @BeforeEach
  void start() throws IOException {
    server = new TargetServer(TargetServer.text("a 1\n"));
    service = newService(ScrapeSettings.defaults());
  }

  private ScrapeService newService(ScrapeSettings settings) {
    return new ScrapeService(
        TENANT,
        collected,
        InstantSource.system(),
        () -> oldestKeptMs,
        settings,
        "1.2.3",
        Thread.ofVirtual().factory(),
        new PrometheusRegistry());
  }

  @AfterEach
  void stop() {
    service.close();
    server.close();
  }

  @Test
  void aScrapeIsOneBatchWithItsReport() throws Exception {
    server.answers(
        TargetServer.text("# HELP a An a.\n# TYPE a counter\na{x=\"1\"} 5\na{x=\"2\"} 6\n"));
    apply(job("", "- targets: ['" + server.address() + "']\n    labels: {env: test}"));
    await(() -> collected.of("a").size() >= 4);
    int batch = collected.of("a").getFirst().batch();
    Labels target = Labels.of("job", "web", "instance", server.address(), "env", "test");
    List<Sample> first =
        collected.all().stream().filter(sample -> sample.batch() == batch).toList();
    assertThat(first)
        .extracting(Sample::name)
        .containsExactly(
            "a",
            "a",
            "up",
            "scrape_duration_seconds",
            "scrape_samples_scraped",
            "scrape_samples_post_metric_relabeling",
            "scrape_series_added");
    assertThat(first).extracting(Sample::timeMs).containsOnly(first.getFirst().timeMs());
    assertThat(first)
        .allSatisfy(sample ->
            assertThat(sample.labels().drop(List.of("__name__", "x")).toMap())
                .isEqualTo(target.toMap()));
    assertThat(collected.values("up")).contains("1.0");
    assertThat(collected.values("scrape_samples_scraped")).contains("2.0");
    assertThat(collected.values("scrape_series_added")).containsSubsequence("2.0", "0.0");
    assertThat(collected.metadata()).containsEntry("a", new MetricMetadata("counter", "An a.", ""));
    long step = collected.of("up").get(1).timeMs() - collected.of("up").get(0).timeMs();
    assertThat(step).isBetween(50L, 5000L);
  }

  @Test
  void asksAsPrometheusDoes() throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "geheim\n");
    apply(
        job(
            """
              metrics_path: /federate
              params: {match: ['{job="x"}', b]}
              basic_auth: {username: me, password_file: %s}
            """
                .formatted(password),
            "- targets: ['" + server.address() + "']"));
    await(() -> server.requestCount() > 0);
    var headers = server.lastRequest();
    assertThat(headers.getFirst("Accept"))
        .startsWith("application/openmetrics-text;version=1.0.0")
        .contains("text/plain;version=0.0.4");
    assertThat(headers.getFirst("User-Agent")).isEqualTo("Skopos/1.2.3");
    assertThat(headers.getFirst("X-Prometheus-Scrape-Timeout-Seconds")).isEqualTo("0.25");
    assertThat(headers.getFirst("Accept-Encoding")).isEqualTo("gzip");
    assertThat(headers.getFirst("Authorization")).isEqualTo("Basic bWU6Z2VoZWlt");
    assertThat(server.lastUri()).isEqualTo("/federate?match=%7Bjob%3D%22x%22%7D&match=b");
  }

  @Test
  void aSeriesThatVanishesGetsAStaleMarker() throws Exception {
    server.answers(TargetServer.text("a 1\nb 1\n"));
    apply(job("", "- targets: ['" + server.address() + "']"));
    await(() -> collected.of("b").size() >= 1);
    server.answers(TargetServer.text("a 1\n"));
    await(() -> collected.values("b").contains("stale"));
    Sample marker = collected.of("b").getLast();
    assertThat(collected.of("a"))
        .anyMatch(a -> a.timeMs() == marker.timeMs() && a.batch() == marker.batch());
    int ups = collected.of("up").size();
    await(() -> collected.of("up").size() > ups + 1);
    assertThat(collected.values("b").stream().filter("stale"::equals)).hasSize(1);
    server.answers(TargetServer.text("a 1\nb 7\n"));
    await(() -> collected.values("b").contains("7.0"));
  }

  @Test
  void aScrapeThatFailsEndsAllSeriesAndSaysWhy() throws Exception {
    apply(job("", "- targets: ['" + server.address() + "']"));
    await(() -> collected.of("a").size() >= 1);
    server.answers(exchange -> TargetServer.send(exchange, 500, new byte[0]));
    await(() -> collected.values("up").contains("0.0"));
    assertThat(collected.values("a")).endsWith("stale");
    await(() -> service.active(TENANT).getFirst().health() == Health.DOWN);
    ActiveTarget target = service.active(TENANT).getFirst();
    assertThat(target.lastError()).isEqualTo("server returned HTTP status 500");
    server.answers(TargetServer.text("a 2\n"));
    await(() -> collected.values("a").contains("2.0"));
    await(() -> service.active(TENANT).getFirst().health() == Health.UP);
    List<ScrapeResult> history = service.history("web", target.labels());
    assertThat(history).extracting(ScrapeResult::up).contains(true, false);
    assertThat(service.active(new TenantId("other"))).isEmpty();
  }

  @Test
  void brokenTargetsAreNamedAndDisturbNobody() throws Exception {
    int deadPort;
    try (ServerSocket dead = new ServerSocket(0)) {
      deadPort = dead.getLocalPort();
    }
    CountDownLatch never = new CountDownLatch(1);
    try (TargetServer slow =
            new TargetServer(exchange -> {
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write("a 1\n".getBytes(StandardCharsets.UTF_8));
              exchange.getResponseBody().flush();
              awaitQuietly(never);
            });
        TargetServer cut =
            new TargetServer(exchange -> {
              exchange.sendResponseHeaders(200, 1000);
              exchange.getResponseBody().write("a 1\n".getBytes(StandardCharsets.UTF_8));
              exchange.getResponseBody().flush();
              throw new IOException("cut by the test");
            });
        TargetServer html = new TargetServer(TargetServer.typed("text/html", "<html>"));
        TargetServer bad = new TargetServer(TargetServer.text("a 1\nb{ 2\n"));
        TargetServer noEnd =
            new TargetServer(TargetServer.typed("application/openmetrics-text", "a 1\n"));
        TargetServer notGzip =
            new TargetServer(exchange -> {
              exchange.getResponseHeaders().set("Content-Encoding", "gzip");
              exchange.getResponseHeaders().set("Content-Type", "text/plain");
              TargetServer.send(exchange, 200, "a 1\n".getBytes(StandardCharsets.UTF_8));
            })) {
      apply(
          job(
              "",
              "- targets: ['%s', '%s', '%s', '%s', '%s', '%s', '%s', '127.0.0.1:%d']"
                  .formatted(
                      server.address(),
                      slow.address(),
                      cut.address(),
                      html.address(),
                      bad.address(),
                      noEnd.address(),
                      notGzip.address(),
                      deadPort)));
      await(() -> service.active(TENANT).stream().noneMatch(t -> t.health() == Health.UNKNOWN));
      assertThat(error(server.address())).isEmpty();
      assertThat(error(slow.address()))
          .isEqualTo("no complete answer within the timeout of 250 ms");
      assertThat(error(cut.address())).contains(cut.address());
      assertThat(error(html.address()))
          .isEqualTo(
              "the Content-Type 'text/html' is neither text/plain, OpenMetrics nor protobuf"
                  + " and no fallback_scrape_protocol is set");
      assertThat(error(bad.address())).startsWith("line 2: expected a label name, got");
      assertThat(error(noEnd.address())).contains("# EOF");
      assertThat(error(notGzip.address())).startsWith("the body says it is gzip and is not");
      assertThat(error("127.0.0.1:" + deadPort))
          .isEqualTo("cannot connect to 127.0.0.1:" + deadPort + ": connection refused");
      never.countDown();
    }
  }

  @Test
  void hugeBodiesAndBombsAreCutOff() throws Exception {
    byte[] million = "a 1\n".repeat(250_000).getBytes(StandardCharsets.UTF_8);
    try (TargetServer huge = new TargetServer(TargetServer.text("a 1\n".repeat(250_000)));
        TargetServer bomb = new TargetServer(TargetServer.gzip(million));
        TargetServer packed =
            new TargetServer(TargetServer.gzip("c 3\n".getBytes(StandardCharsets.UTF_8)))) {
      apply(
          job(
              "  body_size_limit: 100KB\n",
              "- targets: ['%s', '%s', '%s']"
                  .formatted(huge.address(), bomb.address(), packed.address())));
      await(() -> service.active(TENANT).stream().noneMatch(t -> t.health() == Health.UNKNOWN));
      String message = "body size limit exceeded: the body has more than 102400 bytes";
      assertThat(error(huge.address())).isEqualTo(message);
      assertThat(error(bomb.address())).isEqualTo(message);
      assertThat(error(packed.address())).isEmpty();
      assertThat(collected.values("c")).isNotEmpty().containsOnly("3.0");
      assertThat(collected.of("a")).isEmpty();
    }
  }

  @Test
  void limitsFailTheScrape() throws Exception {
    server.answers(TargetServer.text("a{long_name=\"1\"} 1\na{l=\"long_value\"} 2\nb 3\n"));
    String target = "- targets: ['" + server.address() + "']";
    assertThat(errorWith("  sample_limit: 2\n", target))
        .isEqualTo("sample_limit exceeded: the target exposes more than 2 samples");
    assertThat(errorWith("  label_limit: 3\n", target)).startsWith("label_limit exceeded: ");
    assertThat(errorWith("  label_name_length_limit: 8\n", target))
        .isEqualTo(
            "label_name_length_limit exceeded: the name 'long_name' has 9 bytes, the limit is 8");
    assertThat(errorWith("  label_value_length_limit: 9\n", target))
        .startsWith("label_value_length_limit exceeded: the value of '");
    assertThat(errorWith("  target_limit: 1\n", target + "\n  - targets: ['127.0.0.1:1']"))
        .isEqualTo("target_limit exceeded: the job has 2 targets, the limit is 1");
    assertThat(errorWith("  sample_limit: 3\n", target)).isEmpty();
  }

  @Test
  void labelsOfTargetAndSeriesAreReconciled() throws Exception {
    server.answers(TargetServer.text("a{job=\"own\",exported_job=\"x\",instance=\"\"} 1\n"));
    apply(job("", "- targets: ['" + server.address() + "']"));
    await(() -> !collected.of("a").isEmpty());
    assertThat(collected.of("a").getFirst().labels().toMap())
        .containsEntry("job", "web")
        .containsEntry("exported_exported_job", "own")
        .containsEntry("exported_job", "x")
        .containsEntry("instance", server.address());
    server.answers(TargetServer.text("b{job=\"own\",instance=\"\"} 1\n"));
    apply(job("  honor_labels: true\n", "- targets: ['" + server.address() + "']"));
    await(() -> !collected.of("b").isEmpty());
    Labels honoured = collected.of("b").getLast().labels();
    await(() -> collected.of("b").getLast().labels().getOrEmpty("job").equals("own"));
    assertThat(collected.of("b").getLast().labels().toMap()).hasSize(2).containsEntry("job", "own");
    assertThat(honoured.has("__name__")).isTrue();
  }

  @Test
  void relabellingShapesTargetsAndSeries() throws Exception {
    server.answers(TargetServer.text("keep_me{path=\"/x\"} 1\ndrop_me 2\n"));
    apply(
        job(
            """
              relabel_configs:
              - source_labels: [__meta_real]
                target_label: __address__
              - {regex: '__meta_(tag)', action: labelmap, replacement: 'my_$1'}
              - {source_labels: [__meta_off], regex: 'yes', action: drop}
              - {target_label: __metrics_path__, replacement: /other}
              - {target_label: __param_q, replacement: z}
              - {target_label: __scrape_interval__, replacement: 300ms}
              metric_relabel_configs:
              - {source_labels: [__name__], regex: drop_.*, action: drop}
              - {source_labels: [path], regex: '/(.*)', target_label: page}
              - {regex: path, action: labeldrop}
            """,
            """
            - targets: [placeholder]
                labels: {__meta_real: '%s', __meta_tag: t, __tmp: gone}
              - targets: [unwanted]
                labels: {__meta_off: 'yes'}\
            """
                .formatted(server.address())));
    await(() -> collected.of("keep_me").size() > 1);
    assertThat(server.lastUri()).isEqualTo("/other?q=z");
    assertThat(collected.of("drop_me")).isEmpty();
    assertThat(collected.of("keep_me").getFirst().labels().toMap())
        .isEqualTo(
            Labels.of(
                    "__name__",
                    "keep_me",
                    "instance",
                    server.address(),
                    "job",
                    "web",
                    "my_tag",
                    "t",
                    "page",
                    "x")
                .toMap());
    ActiveTarget target = service.active(TENANT).getFirst();
    assertThat(target.scrapeInterval()).hasMillis(300);
    assertThat(target.discoveredLabels().get("__address__")).isEqualTo("placeholder");
    assertThat(target.scrapeUrl()).isEqualTo("http://" + server.address() + "/other?q=z");
    assertThat(service.dropped(TENANT)).hasSize(1);
    assertThat(service.droppedCounts(TENANT)).containsEntry("web", 1);
    assertThat(collected.values("scrape_samples_scraped")).contains("2.0");
    assertThat(collected.values("scrape_samples_post_metric_relabeling")).contains("1.0");
  }

  @Test
  void timesOfTheTargetAreKeptWithinBounds() throws Exception {
    long now = System.currentTimeMillis();
    oldestKeptMs = now - 3_600_000;
    server.answers(
        TargetServer.text(
            "a 1 %d\nb 2 %d\nc 3 %d\nd 4\nd 5\n"
                .formatted(now - 1000, now - 7_200_000, now + 3_600_000)));
    apply(job("", "- targets: ['" + server.address() + "']"));
    await(() -> collected.of("up").size() > 1);
    assertThat(collected.of("a").getFirst().timeMs()).isEqualTo(now - 1000);
    assertThat(collected.of("b")).isEmpty();
    assertThat(collected.of("c")).isEmpty();
    assertThat(collected.values("d")).containsOnly("4.0");
    ScrapeResult result =
        service.history("web", service.active(TENANT).getFirst().labels()).getFirst();
    assertThat(result.outOfBounds()).isEqualTo(2);
    assertThat(result.duplicates()).isEqualTo(1);
    server.answers(TargetServer.text("e 1\n"));
    await(() -> !collected.of("e").isEmpty());
    assertThat(collected.values("a")).doesNotContain("stale");
    assertThat(collected.values("d")).endsWith("stale");
    apply(job("  honor_timestamps: false\n", "- targets: ['" + server.address() + "']"));
    server.answers(TargetServer.text("f 1 1000\n"));
    await(() -> !collected.of("f").isEmpty());
    assertThat(collected.of("f").getFirst().timeMs()).isGreaterThan(now);
  }

  @Test
  void aReloadDisturbsOnlyWhatChanged() throws Exception {
    try (TargetServer other = new TargetServer(TargetServer.text("z 1\n"))) {
      String first = job("", "- targets: ['" + server.address() + "']");
      String second =
          """
          - job_name: other
            static_configs:
            - targets: ['%s']
          """
              .formatted(other.address());
      apply(first + second);
      await(() -> collected.of("a").size() > 0 && collected.of("z").size() > 0);
      apply(job("  sample_limit: 100\n", "- targets: ['" + server.address() + "']") + second);
      int before = collected.of("a").size();
      await(() -> collected.of("a").size() > before + 1);
      assertThat(collected.values("a")).doesNotContain("stale");
      assertThat(collected.values("z")).doesNotContain("stale");
      apply(second);
      await(() -> collected.values("up").contains("stale"));
      assertThat(collected.values("a")).endsWith("stale");
      assertThat(collected.values("z")).doesNotContain("stale");
      assertThat(service.scrapePools(TENANT)).containsExactly("other");
      service.close();
      assertThat(collected.values("z")).doesNotContain("stale");
    }
  }

  @Test
  void aChangeOfMetricRelabellingEndsWhatItDrops() throws Exception {
    server.answers(TargetServer.text("a 1\nb 2\n"));
    apply(job("", "- targets: ['" + server.address() + "']"));
    await(() -> collected.of("b").size() > 0);
    apply(
        job(
            "  metric_relabel_configs: [{source_labels: [__name__], regex: b, action: drop}]\n",
            "- targets: ['" + server.address() + "']"));
    await(() -> collected.values("b").contains("stale"));
    assertThat(collected.values("a")).doesNotContain("stale");
  }

  @Test
  void targetsFromFilesFollowTheFiles() throws Exception {
    try (TargetServer other = new TargetServer(TargetServer.text("z 1\n"))) {
      Path file = directory.resolve("one.json");
      Files.writeString(
          file,
          "[\n\t{\"targets\": [\""
              + server.address()
              + "\"], \"labels\": {\"from\": \"json\"}}\n]");
      apply(
          """
            - job_name: files
              file_sd_configs:
              - files: ['%s/*.json', '%s/*.yml']
                refresh_interval: 1s
          """
              .formatted(directory, directory));
      await(() -> collected.of("a").size() > 0);
      assertThat(collected.of("a").getFirst().labels().get("from")).isEqualTo("json");
      assertThat(service.active(TENANT).getFirst().discoveredLabels().get("__meta_filepath"))
          .isEqualTo(file.toString());
      Files.writeString(directory.resolve("two.yml"), "- targets: ['" + other.address() + "']\n");
      await(() -> collected.of("z").size() > 0);
      Files.writeString(file, "[{\"targets\": [");
      await(() -> !service.discoveries(TENANT).getFirst().problem().isEmpty());
      assertThat(service.discoveries(TENANT).getFirst().problem())
          .contains(file.toString())
          .contains("not valid YAML");
      int before = collected.of("a").size();
      await(() -> collected.of("a").size() > before + 1);
      assertThat(collected.values("a")).doesNotContain("stale");
      Files.delete(file);
      await(() -> collected.values("a").contains("stale"));
      assertThat(service.active(TENANT)).hasSize(1);
      assertThat(collected.values("z")).doesNotContain("stale");
    }
  }

  @Test
  void whatTheIntakeRefusesShowsAsATargetThatIsDown() throws Exception {
    collected.refuseWhen(batch -> batch.seriesCount() > 10);
    server.answers(TargetServer.text("a 1\n"));
    apply(job("", "- targets: ['" + server.address() + "']"));
    await(() -> collected.of("a").size() > 0);
    StringBuilder many = new StringBuilder("a 1\n");
    for (int i = 0; i < 20; i++) {
      many.append("n").append(i).append(" 1\n");
    }
    server.answers(TargetServer.text(many.toString()));
    await(() -> collected.values("up").contains("0.0"));
    assertThat(collected.values("a")).contains("stale");
    assertThat(collected.of("n0")).isEmpty();
    await(() -> service.active(TENANT).getFirst().lastError().contains("says the test"));
    server.answers(TargetServer.text("a 3\n"));
    await(() -> collected.values("a").contains("3.0"));
    assertThat(collected.of("n0")).isEmpty();
  }

  @Test
  void redirectsAreFollowedWithoutCarryingSecretsAway() throws Exception {
    try (TargetServer other = new TargetServer(TargetServer.text("z 1\n"))) {
      server.answers(exchange -> {
        exchange.getResponseHeaders().set("Location", "http://" + other.address() + "/there");
        TargetServer.send(exchange, 302, new byte[0]);
      });
      String target = "- targets: ['" + server.address() + "']";
      apply(job("  authorization: {credentials: secret}\n", target));
      await(() -> collected.of("z").size() > 0);
      assertThat(server.lastRequest().getFirst("Authorization")).isEqualTo("Bearer secret");
      assertThat(other.lastRequest().getFirst("Authorization")).isNull();
      assertThat(other.lastUri()).isEqualTo("/there");
      assertThat(errorWith("  follow_redirects: false\n", target))
          .isEqualTo("server returned HTTP status 302");
    }
  }

  @Test
  void headersHttpDoesNotAllowFailTheScrapeOnly() throws Exception {
    String target = "- targets: ['" + server.address() + "']";
    assertThat(errorWith("  http_headers: {'a b': {values: [x]}}\n", target))
        .isEqualTo("the request cannot be made: 'a b' is not the name of a header");
    Path token = Files.writeString(directory.resolve("token"), "two\nlines");
    assertThat(errorWith("  bearer_token_file: " + token + "\n", target))
        .startsWith("the request cannot be made: ");
  }

  @Test
  void theRealNodeExporterIsScraped() throws Exception {
    Path binary = Path.of("/usr/bin/prometheus-node-exporter");
    Assumptions.assumeTrue(Files.isExecutable(binary), binary + " is not installed");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process exporter =
        new ProcessBuilder(binary.toString(), "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      service.apply(
          PrometheusConfig.parse(
              "test.yml",
              "scrape_configs: [{job_name: node, scrape_interval: 2s, scrape_timeout: 2s,"
                  + " static_configs: [{targets: ['127.0.0.1:"
                  + port
                  + "']}]}]",
              directory,
              Set.of()));
      await(() -> collected.of("node_cpu_seconds_total").size() > 0);
      await(() -> collected.values("up").contains("1.0"));
      assertThat(collected.of("node_memory_MemTotal_bytes").getFirst().value()).isPositive();
      assertThat(collected.metadata().get("node_cpu_seconds_total"))
          .isEqualTo(new MetricMetadata("counter", "Seconds the CPUs spent in each mode.", ""));
      Labels labels = service.active(TENANT).getFirst().labels();
      assertThat(service.history("node", labels).getFirst().samples()).isGreaterThan(300);
    } finally {
      exporter.destroy();
      assertThat(exporter.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aConfigWhoseTlsFilesAreMissingLeavesTheOldOneInForce() throws Exception {
    apply(job("", "- targets: ['" + server.address() + "']"));
    String broken = job("  tls_config: {ca_file: /nowhere/ca.pem}\n", "- targets: ['127.0.0.1:1']");
    assertThatThrownBy(() -> apply(broken))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("job web: the tls_config cannot be used: ");
    await(() -> collected.of("a").size() > 1);
  }

  private String errorWith(String keys, String targets) throws ConfigException {
    apply("");
    apply(job(keys, targets));
    await(() -> service.active(TENANT).stream().noneMatch(t -> t.health() == Health.UNKNOWN));
    return error(server.address());
  }

  private String error(String address) {
    return service.active(TENANT).stream()
        .filter(target -> target.scrapeUrl().contains(address))
        .findFirst()
        .orElseThrow()
        .lastError();
  }

  private static String job(String keys, String targets) {
    return "- job_name: web\n" + keys + "  static_configs:\n  " + targets + "\n";
  }

  private void apply(String scrapeConfigs) throws ConfigException {
    service.apply(
        PrometheusConfig.parse(
            "test.yml",
            "global: {scrape_interval: 300ms, scrape_timeout: 250ms}\nscrape_configs:\n"
                + scrapeConfigs,
            directory,
            Set.of()));
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited 20 s in vain").isLessThan(deadline);
      LockSupport.parkNanos(2_000_000);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
