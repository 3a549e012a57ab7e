// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.ingest.scrape.CollectedSamples.Sample;
import io.skopos.ingest.scrape.config.PrometheusConfig;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.metrics.api.TargetsView.ActiveTarget;
import io.skopos.metrics.api.TargetsView.Health;
import io.skopos.metrics.api.TargetsView.RelabelStep;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.testkit.process.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options of a scrape config over real sockets, and real peers as targets. */
class ScrapeOptionsTest {

  private static final TenantId TENANT = new TenantId("acme");
  private static final String PROTOBUF =
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
          + " encoding=delimited";

  @TempDir Path directory;

  private final CollectedSamples collected = new CollectedSamples();
  private TargetServer server;
  private ScrapeService service;

  @BeforeEach
  void start() throws Exception {
    server = new TargetServer(TargetServer.text("a 1\n"));
    service =
        new ScrapeService(
            TENANT,
            collected,
            InstantSource.system(),
            () -> Long.MIN_VALUE,
            ScrapeSettings.defaults(),
            "1.2.3",
            Thread.ofVirtual().factory(),
            new PrometheusRegistry());
  }

  @AfterEach
  void stop() {
    service.close();
    server.close();
  }

  private void scrape(String options) throws Exception {
    scrape(options, server.address());
  }

  private void scrape(String options, String address) throws Exception {
    service.apply(
        PrometheusConfig.parse(
            "test.yml",
            """
            global: {scrape_interval: 1s, scrape_timeout: 900ms}
            scrape_configs:
            - {job_name: web, static_configs: [{targets: ['%s']}]%s}
            """
                .formatted(address, options.isEmpty() ? "" : ", " + options),
            directory,
            Set.of()));
  }

  private ActiveTarget target() {
    return service.active(TENANT).getFirst();
  }

  private String errorWith(String options) throws Exception {
    service.apply(PrometheusConfig.EMPTY);
    scrape(options);
    await(() -> target().health() != Health.UNKNOWN);
    return target().lastError();
  }

  @Test
  void targetsAreAskedForTheProtocolsThatAreWanted() throws Exception {
    scrape("");
    await(() -> server.requestCount() > 0);
    assertThat(server.lastRequest().getFirst("Accept"))
        .isEqualTo(
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                + "application/openmetrics-text;version=0.0.1;q=0.5,"
                + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2");
    service.apply(PrometheusConfig.EMPTY);
    scrape("scrape_native_histograms: true, metric_name_validation_scheme: legacy");
    int before = server.requestCount();
    await(() -> server.requestCount() > before);
    assertThat(server.lastRequest().getFirst("Accept"))
        .startsWith("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;")
        .contains("escaping=underscores");
    scrape("scrape_protocols: [PrometheusText0.0.4], metric_name_escaping_scheme: dots");
    await(() ->
        server.lastRequest().getFirst("Accept").equals("text/plain;version=0.0.4;q=0.6,*/*;q=0.5"));
  }

  @Test
  void anAnswerWithoutATypeNeedsAFallback() throws Exception {
    server.answers(exchange -> TargetServer.send(exchange, 200, "a 1\n".getBytes()));
    assertThat(errorWith(""))
        .isEqualTo("the target sends no Content-Type and no fallback_scrape_protocol is set");
    assertThat(errorWith("fallback_scrape_protocol: PrometheusText0.0.4")).isEmpty();
    server.answers(TargetServer.typed("text/html", "a 1\n# EOF\n"));
    assertThat(errorWith("fallback_scrape_protocol: OpenMetricsText1.0.0")).isEmpty();
    server.answers(TargetServer.typed("text/html", "a 1\n"));
    assertThat(errorWith("fallback_scrape_protocol: OpenMetricsText1.0.0")).contains("# EOF");
  }

  @Test
  void boundariesAreWrittenAsPrometheus3DoesAndExemplarsAreKept() throws Exception {
    server.answers(
        TargetServer.typed(
            "application/openmetrics-text; version=1.0.0",
            """
            # TYPE h histogram
            h_bucket{le="1"} 1 # {trace_id="abc"} 0.5
            h_bucket{le="+Inf"} 2
            h_count 2
            h_sum 3
            # TYPE s summary
            s{quantile="0.50"} 1
            # TYPE g gauge
            g{le="1"} 1
            # EOF
            """));
    scrape("");
    await(() -> !collected.of("g").isEmpty());
    assertThat(collected.of("h_bucket").stream().map(sample -> sample.labels().get("le")))
        .contains("1.0", "+Inf")
        .doesNotContain("1");
    assertThat(collected.of("s").getFirst().labels().get("quantile")).isEqualTo("0.5");
    assertThat(collected.of("g").getFirst().labels().get("le")).isEqualTo("1");
    assertThat(collected.exemplars().getFirst().labels().get("trace_id")).isEqualTo("abc");
    for (String[] pair :
        new String[][] {
          {"1e7", "1e+07"}, {"Inf", "+Inf"}, {"0x1p3", "0x1p3"}, {"x", "x"}, {"-2", "-2.0"}
        }) {
      assertThat(BoundaryLabels.normal(pair[0])).isEqualTo(pair[1]);
    }
  }

  @Test
  void extraSeriesAndLegacyNames() throws Exception {
    scrape("extra_scrape_metrics: true, sample_limit: 7");
    await(() -> collected.values("scrape_body_size_bytes").contains("4.0"));
    assertThat(collected.values("scrape_timeout_seconds")).contains("0.9");
    assertThat(collected.values("scrape_sample_limit")).contains("7.0");
    scrape("extra_scrape_metrics: true, body_size_limit: 3");
    await(() -> collected.values("scrape_body_size_bytes").contains("-1.0"));
    server.answers(TargetServer.text("{\"a.b\"} 1\n"));
    assertThat(errorWith("")).isEmpty();
    assertThat(errorWith("metric_name_validation_scheme: legacy"))
        .contains("has a name that metric_name_validation_scheme: legacy does not allow");
    assertThat(
            errorWith(
                "metric_name_validation_scheme: legacy, metric_relabel_configs: [{target_label:"
                    + " __name__, replacement: c}]"))
        .isEmpty();
  }

  @Test
  void nativeHistogramsAreTakenAndHeldToTheirLimits() throws Exception {
    byte[] body = nativeHistogram();
    server.answers(exchange -> {
      exchange.getResponseHeaders().set("Content-Type", PROTOBUF);
      TargetServer.send(exchange, 200, body);
    });
    scrape("scrape_native_histograms: true");
    await(() -> !collected.of("h").isEmpty());
    Sample sample = collected.of("h").getFirst();
    NativeHistogram histogram = Objects.requireNonNull(sample.histogram());
    assertThat(histogram.schema()).isEqualTo(3);
    assertThat(histogram.positive().counts()).containsExactly(1, 2, 3, 4);
    assertThat(sample.labels().get("job")).isEqualTo("web");
    int before = collected.of("h").size();
    scrape("scrape_native_histograms: true, native_histogram_bucket_limit: 2");
    await(() -> collected.of("h").stream().skip(before).anyMatch(s -> schema(s) < 3));
    NativeHistogram reduced =
        Objects.requireNonNull(
            collected.of("h").stream()
                .filter(s -> schema(s) < 3)
                .findFirst()
                .orElseThrow()
                .histogram());
    assertThat(reduced.schema()).isEqualTo(2);
    assertThat(reduced.positive().counts()).containsExactly(3, 7);
    scrape("scrape_native_histograms: true, native_histogram_min_bucket_factor: 2");
    await(() -> collected.of("h").stream().anyMatch(s -> schema(s) == 0));
    assertThat(errorWith("scrape_protocols: [PrometheusProto]")).isEmpty();
    server.answers(exchange -> {
      exchange.getResponseHeaders().set("Content-Type", PROTOBUF);
      TargetServer.send(exchange, 200, "not protobuf".getBytes(StandardCharsets.UTF_8));
    });
    assertThat(errorWith("scrape_native_histograms: true")).isNotEmpty();
  }

  private static int schema(Sample sample) {
    NativeHistogram histogram = sample.histogram();
    return histogram == null ? 99 : histogram.schema();
  }

  @Test
  void resolutionsAreReducedAsTheBucketsDemand() {
    assertThat(HistogramResolution.schema(1)).isEqualTo(8);
    assertThat(HistogramResolution.schema(1.1)).isEqualTo(2);
    assertThat(HistogramResolution.schema(2)).isEqualTo(0);
    assertThat(HistogramResolution.schema(1e30)).isEqualTo(-4);
    Buckets buckets = new Buckets(new int[] {-3, 2, 1, 3}, new double[] {1, 2, 4, 8, 16});
    // Indices -3, -2, 0, 1, 2 become -1, -1, 0, 1, 1.
    assertThat(HistogramResolution.reduced(buckets, 1))
        .isEqualTo(new Buckets(new int[] {-1, 3}, new double[] {3, 4, 24}));
    assertThat(HistogramResolution.reduced(buckets, 10))
        .isEqualTo(new Buckets(new int[] {0, 2}, new double[] {7, 24}));
    assertThat(HistogramResolution.reduced(Buckets.NONE, 1)).isEqualTo(Buckets.NONE);
  }

  /** A family {@code h} of one native histogram with the schema 3 and four buckets. */
  private static byte[] nativeHistogram() {
    ByteArrayOutputStream histogram = new ByteArrayOutputStream();
    varint(histogram, 1, 10);
    fixed(histogram, 2, 12.5);
    varint(histogram, 5, 6); // schema 3, zigzag
    fixed(histogram, 6, 1e-128);
    ByteArrayOutputStream span = new ByteArrayOutputStream();
    varint(span, 1, 2); // offset 1, zigzag
    varint(span, 2, 4);
    bytes(histogram, 12, span.toByteArray());
    bytes(histogram, 13, new byte[] {2, 2, 2, 2}); // 1, 2, 3, 4 as deltas, zigzag
    ByteArrayOutputStream metric = new ByteArrayOutputStream();
    bytes(metric, 7, histogram.toByteArray());
    ByteArrayOutputStream family = new ByteArrayOutputStream();
    bytes(family, 1, "h".getBytes(StandardCharsets.UTF_8));
    varint(family, 3, 4);
    bytes(family, 4, metric.toByteArray());
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(family.size());
    body.writeBytes(family.toByteArray());
    return body.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, int field, int value) {
    out.write(field << 3);
    out.write(value);
  }

  private static void fixed(ByteArrayOutputStream out, int field, double value) {
    out.write(field << 3 | 1);
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
    out.write(field << 3 | 2);
    out.write(value.length);
    out.writeBytes(value);
  }

  @Test
  void whatTargetsSayAndHowTheyWereRelabelledCanBeAsked() throws Exception {
    server.answers(TargetServer.text("# HELP a An a.\n# TYPE a counter\na 1\n"));
    scrape(
        "keep_dropped_targets: 1, relabel_configs: [{target_label: x, replacement: y},"
            + " {source_labels: [drop], regex: 'yes', action: drop}, {regex: x, action:"
            + " labeldrop}]");
    await(() -> collected.of("a").size() > 1);
    assertThat(service.metadata(TENANT, labels -> true, "a", 10))
        .singleElement()
        .satisfies(one -> assertThat(one.metadata().help()).isEqualTo("An a."));
    assertThat(service.metadata(TENANT, labels -> labels.has("nope"), "", 10)).isEmpty();
    assertThat(service.metadata(new TenantId("other"), labels -> true, "", 10)).isEmpty();
    List<RelabelStep> steps =
        Objects.requireNonNull(
            service.relabelSteps(TENANT, "web", Labels.of("drop", "yes", "__address__", "h:1")));
    assertThat(steps).hasSize(2);
    assertThat(steps.getFirst().output().get("x")).isEqualTo("y");
    assertThat(steps.getLast().keep()).isFalse();
    assertThat(steps.getLast().rule())
        .containsEntry("action", "drop")
        .containsEntry("regex", "yes");
    assertThat(service.relabelSteps(TENANT, "nope", Labels.EMPTY)).isNull();
    assertThat(service.histories(TENANT).getFirst().scrapes()).hasSizeGreaterThan(1);
    OwnSource own =
        new OwnSource(
            TENANT,
            "host",
            Labels.of("job", "host", "instance", "me"),
            "file:///proc",
            Duration.ofSeconds(15));
    service.show(own);
    assertThat(service.active(TENANT).getFirst().health()).isEqualTo(Health.UNKNOWN);
    own.record(Instant.EPOCH, Duration.ofMillis(3), "", 5);
    assertThat(service.active(TENANT))
        .extracting(ActiveTarget::scrapePool, ActiveTarget::health)
        .contains(tuple("host", Health.UP));
    assertThat(service.scrapePools(TENANT)).containsExactly("host", "web");
    assertThat(service.histories(TENANT)).hasSize(2);
    assertThat(service.active(new TenantId("other"))).isEmpty();
  }

  @Test
  void aRealPrometheusIsScrapedAsProtobuf() throws Exception {
    Path program = Peer.require("prometheus");
    int port = freePort();
    Path config = Files.writeString(directory.resolve("empty.yml"), "global: {}\n");
    Process peer =
        start(
            program.toString(),
            "--config.file=" + config,
            "--storage.tsdb.path=" + directory.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port);
    try {
      scrape("scrape_protocols: [PrometheusProto]", "127.0.0.1:" + port);
      await(() -> collected.values("up").contains("1.0"));
      assertThat(collected.of("prometheus_build_info").getFirst().value()).isEqualTo(1);
      assertThat(
              Objects.requireNonNull(
                      collected.metadata().get("prometheus_tsdb_compaction_duration_seconds"))
                  .type())
          .isEqualTo("histogram");
      assertThat(collected.of("go_gc_duration_seconds"))
          .anyMatch(sample -> "0.0".equals(sample.labels().get("quantile")));
    } finally {
      stop(peer);
    }
  }

  @Test
  void aRealPushgatewayIsScrapedWithTheLabelsOfItsJobs() throws Exception {
    Path program = Peer.require("prometheus-pushgateway");
    int port = freePort();
    Process peer = start(program.toString(), "--web.listen-address=127.0.0.1:" + port);
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest push =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + port + "/metrics/job/batch/instance/night"))
              .PUT(HttpRequest.BodyPublishers.ofString("# TYPE rows gauge\nrows 42\n"))
              .build();
      await(() -> status(client, push) == 200);
      scrape("honor_labels: true", "127.0.0.1:" + port);
      await(() -> !collected.of("rows").isEmpty());
      assertThat(collected.of("rows").getFirst().labels().toMap())
          .isEqualTo(Labels.of("__name__", "rows", "job", "batch", "instance", "night").toMap());
      assertThat(collected.of("push_time_seconds")).isNotEmpty();
    } finally {
      stop(peer);
    }
  }

  private static int status(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private static Process start(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void stop(Process peer) throws InterruptedException {
    peer.destroy();
    assertThat(peer.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void contradictionsOfExpositionAreRefused() {
    for (String bad :
        List.of(
            "scrape_protocols: [Text]",
            "scrape_protocols: []",
            "scrape_protocols: [PrometheusProto, PrometheusProto]",
            "fallback_scrape_protocol: x",
            "metric_name_escaping_scheme: x",
            "metric_name_validation_scheme: x",
            "native_histogram_min_bucket_factor: -1")) {
      assertThatThrownBy(() -> scrape(bad)).isInstanceOf(ConfigException.class);
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited 30 s in vain").isLessThan(deadline);
      LockSupport.parkNanos(2_000_000);
    }
  }
}
