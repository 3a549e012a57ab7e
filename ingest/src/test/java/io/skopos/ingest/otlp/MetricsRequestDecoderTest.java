// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import io.skopos.web.wire.MalformedMessage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages by OpenTelemetry's own generated classes, read by our decoder. */
class MetricsRequestDecoderTest {

  private static final long SECOND = 1_000_000_000L;
  private static final long START = 1_700_000_000L * SECOND;
  private static final long TIME = START + 60 * SECOND;

  private static KeyValue attribute(String key, String value) {
    return attribute(key, AnyValue.newBuilder().setStringValue(value).build());
  }

  private static KeyValue attribute(String key, AnyValue value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  private static NumberDataPoint.Builder point(double value, KeyValue... attributes) {
    return NumberDataPoint.newBuilder()
        .setStartTimeUnixNano(START)
        .setTimeUnixNano(TIME)
        .setAsDouble(value)
        .addAllAttributes(Arrays.asList(attributes));
  }

  private static Metric gauge(String name, String unit, NumberDataPoint.Builder... points) {
    Gauge.Builder gauge = Gauge.newBuilder();
    for (NumberDataPoint.Builder point : points) {
      gauge.addDataPoints(point);
    }
    return Metric.newBuilder().setName(name).setUnit(unit).setGauge(gauge).build();
  }

  private static Metric sum(
      String name,
      AggregationTemporality temporality,
      boolean monotonic,
      NumberDataPoint.Builder point) {
    return Metric.newBuilder()
        .setName(name)
        .setSum(
            Sum.newBuilder()
                .setAggregationTemporality(temporality)
                .setIsMonotonic(monotonic)
                .addDataPoints(point))
        .build();
  }

  private static byte[] request(Metric... metrics) {
    return request(
        Resource.getDefaultInstance(), InstrumentationScope.getDefaultInstance(), metrics);
  }

  private static byte[] request(Resource resource, InstrumentationScope scope, Metric... metrics) {
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .setResource(resource)
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .setScope(scope)
                        .setSchemaUrl("https://schema")
                        .addAllMetrics(List.of(metrics))))
        .build()
        .toByteArray();
  }

  private static List<String> lines(byte[] message) throws MalformedMessage {
    return DecodedPoints.of(OtlpSettings.DEFAULT, message).lines;
  }

  private static OtlpSettings settings(
      TranslationStrategy strategy, List<String> promoted, boolean all, List<String> ignored) {
    return new OtlpSettings(strategy, promoted, all, ignored, true, true, true, true, true);
  }

  @Test
  void aCounterKeepsItsStartAndGetsItsSuffixes() throws Exception {
    NumberDataPoint.Builder point =
        point(7, attribute("http.method", "GET"), attribute("empty", ""))
            .addExemplars(
                Exemplar.newBuilder()
                    .setAsInt(3)
                    .setTimeUnixNano(TIME - SECOND)
                    .setTraceId(ByteString.fromHex("0af7651916cd43dd8448eb211c80319c"))
                    .setSpanId(ByteString.fromHex("b7ad6b7169203331"))
                    .addFilteredAttributes(attribute("user.id", "42")));
    Metric metric =
        sum("http.requests", AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE, true, point)
            .toBuilder()
            .setUnit("By/s")
            .setDescription("what came")
            .build();
    assertThat(lines(request(metric)))
        .containsExactly(
            "{__name__=\"http_requests_bytes_per_second_total\", http_method=\"GET\"} 7.0"
                + " @1700000060000 since 1700000000000",
            "exemplar of http_requests_bytes_per_second_total{} {span_id=\"b7ad6b7169203331\","
                + " trace_id=\"0af7651916cd43dd8448eb211c80319c\", user.id=\"42\"} 3.0"
                + " @1700000059000",
            "http_requests_bytes_per_second_total is counter|what came|bytes_per_second");
  }

  @Test
  void aDeltaStartsWhereTheOneBeforeEnded() throws Exception {
    byte[] message =
        request(
            sum(
                "jobs",
                AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA,
                true,
                point(5).setStartTimeUnixNano(TIME - 10 * SECOND)),
            sum(
                "no.start",
                AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA,
                true,
                point(5).setStartTimeUnixNano(0)),
            sum(
                "start.is.end",
                AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA,
                false,
                point(5).setStartTimeUnixNano(TIME)));
    assertThat(lines(message))
        .contains(
            "{__name__=\"jobs_total\"} 5.0 @1700000060000 since 1700000050000",
            "{__name__=\"no_start_total\"} 5.0 @1700000060000 since 1700000059999",
            "{__name__=\"start_is_end\"} 5.0 @1700000060000 since 1700000059999",
            "start_is_end is gauge||");
  }

  @Test
  void attributesOfEveryTypeBecomeText() throws Exception {
    AnyValue list =
        AnyValue.newBuilder()
            .setArrayValue(
                ArrayValue.newBuilder()
                    .addValues(AnyValue.newBuilder().setStringValue("a\"b"))
                    .addValues(AnyValue.newBuilder().setIntValue(-3))
                    .addValues(AnyValue.getDefaultInstance()))
            .build();
    AnyValue map =
        AnyValue.newBuilder()
            .setKvlistValue(
                KeyValueList.newBuilder()
                    .addValues(attribute("z", list))
                    .addValues(attribute("a", AnyValue.newBuilder().setBoolValue(true).build())))
            .build();
    byte[] message =
        request(
            gauge(
                "g",
                "",
                point(
                    1,
                    attribute("bool", AnyValue.newBuilder().setBoolValue(false).build()),
                    attribute("int", AnyValue.newBuilder().setIntValue(Long.MIN_VALUE).build()),
                    attribute("real", AnyValue.newBuilder().setDoubleValue(0.1).build()),
                    attribute("large", AnyValue.newBuilder().setDoubleValue(1.5e300).build()),
                    attribute(
                        "bytes",
                        AnyValue.newBuilder()
                            .setBytesValue(ByteString.copyFrom(new byte[] {1, 2, 3}))
                            .build()),
                    attribute("map", map))));
    assertThat(lines(message).getFirst())
        .isEqualTo(
            "{__name__=\"g\", bool=\"false\", bytes=\"AQID\", int=\"-9223372036854775808\","
                + " large=\"1.5e+300\", map=\"{\\\"a\\\":true,\\\"z\\\":[\\\"a\\\\\\\"b\\\",-3,null]}\","
                + " real=\"0.1\"} 1.0 @1700000060000 since 1700000000000");
  }

  @Test
  void keysThatBecomeOneNameJoinTheirValues() throws Exception {
    byte[] message =
        request(
            gauge(
                "g",
                "1",
                point(
                    1,
                    attribute("a_b", "last"),
                    attribute("a.b", "first"),
                    attribute("a-b", "before"),
                    attribute("1x", "digit"),
                    attribute("_x", "underscore"),
                    attribute("__x", "reserved"),
                    attribute("é", "accent"))));
    assertThat(lines(message).getFirst())
        .isEqualTo(
            "{__name__=\"g_ratio\", __x=\"reserved\", a_b=\"before;first;last\","
                + " key_=\"accent\", key_1x=\"digit\", key_x=\"underscore\"} 1.0"
                + " @1700000060000 since 1700000000000");
  }

  @Test
  void theResourceBecomesJobInstanceAndTargetInfo() throws Exception {
    Resource resource =
        Resource.newBuilder()
            .addAttributes(attribute("service.instance.id", "i-1"))
            .addAttributes(attribute("service.name", "cart"))
            .addAttributes(attribute("service.namespace", "shop"))
            .addAttributes(attribute("k8s.pod.name", "cart-7"))
            .addAttributes(attribute("host.arch", "arm64"))
            .build();
    InstrumentationScope scope =
        InstrumentationScope.newBuilder()
            .setName("lib")
            .setVersion("1.2")
            .addAttributes(attribute("scope.kind", "x"))
            .build();
    NumberDataPoint.Builder point = point(1, attribute("host.arch", "mine"));
    byte[] message = request(resource, scope, gauge("g", "", point));
    assertThat(lines(message))
        .containsExactly(
            "{__name__=\"g\", host_arch=\"mine\", instance=\"i-1\", job=\"shop/cart\"} 1.0"
                + " @1700000060000 since 1700000000000",
            "{__name__=\"target_info\", host_arch=\"arm64\", instance=\"i-1\","
                + " job=\"shop/cart\", k8s_pod_name=\"cart-7\"} 1.0 @1700000060000",
            "g is gauge||",
            "target_info is info|Target metadata|");
    OtlpSettings promoting =
        settings(
            TranslationStrategy.NO_TRANSLATION,
            List.of("k8s.pod.name", "host.arch"),
            false,
            List.of());
    assertThat(DecodedPoints.of(promoting, message).lines)
        .startsWith(
            "{__name__=\"g\", host.arch=\"mine\", instance=\"i-1\", job=\"shop/cart\","
                + " k8s.pod.name=\"cart-7\", otel_scope_name=\"lib\","
                + " otel_scope_schema_url=\"https://schema\", otel_scope_scope.kind=\"x\","
                + " otel_scope_version=\"1.2\"} 1.0 @1700000060000 since 1700000000000",
            "{__name__=\"target_info\", host.arch=\"arm64\", instance=\"i-1\", job=\"shop/cart\","
                + " k8s.pod.name=\"cart-7\", service.instance.id=\"i-1\", service.name=\"cart\","
                + " service.namespace=\"shop\"} 1.0 @1700000060000");
    OtlpSettings all =
        settings(
            TranslationStrategy.UNDERSCORE_ESCAPING_WITHOUT_SUFFIXES,
            List.of(),
            true,
            List.of("service.name", "service.namespace", "service.instance.id"));
    assertThat(DecodedPoints.of(all, message).lines.getFirst())
        .isEqualTo(
            "{__name__=\"g\", host_arch=\"mine\", instance=\"i-1\", job=\"shop/cart\","
                + " k8s_pod_name=\"cart-7\", otel_scope_name=\"lib\","
                + " otel_scope_schema_url=\"https://schema\", otel_scope_scope_kind=\"x\","
                + " otel_scope_version=\"1.2\"} 1.0 @1700000060000 since 1700000000000");
  }

  private static Metric histogram(
      AggregationTemporality temporality, HistogramDataPoint.Builder point) {
    return Metric.newBuilder()
        .setName("latency")
        .setUnit("s")
        .setHistogram(
            Histogram.newBuilder().setAggregationTemporality(temporality).addDataPoints(point))
        .build();
  }

  private static HistogramDataPoint.Builder histogramPoint() {
    return HistogramDataPoint.newBuilder()
        .setStartTimeUnixNano(START)
        .setTimeUnixNano(TIME)
        .setCount(6)
        .setSum(4.5)
        .addAllExplicitBounds(List.of(0.25, 1.0, 1e6))
        .addAllBucketCounts(List.of(1L, 0L, 3L, 2L))
        .addExemplars(Exemplar.newBuilder().setAsDouble(0.5));
  }

  @Test
  void explicitBucketsBecomeClassicSeriesOrOneNativeHistogram() throws Exception {
    byte[] message =
        request(
            histogram(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE, histogramPoint()));
    String when = " @1700000060000 since 1700000000000";
    assertThat(lines(message))
        .containsExactly(
            "{__name__=\"latency_seconds_count\"} 6.0" + when,
            "{__name__=\"latency_seconds_sum\"} 4.5" + when,
            "{__name__=\"latency_seconds_bucket\", le=\"0.25\"} 1.0" + when,
            "{__name__=\"latency_seconds_bucket\", le=\"1\"} 1.0" + when,
            "{__name__=\"latency_seconds_bucket\", le=\"1000000\"} 4.0" + when,
            "{__name__=\"latency_seconds_bucket\", le=\"+Inf\"} 6.0" + when,
            "exemplar of latency_seconds_bucket{le=\"1\"} {} 0.5 @1700000060000",
            "latency_seconds is histogram||seconds");
    OtlpSettings custom =
        settings(TranslationStrategy.NO_UTF8_ESCAPING_WITH_SUFFIXES, List.of(), false, List.of());
    assertThat(DecodedPoints.of(custom, message).lines.getFirst())
        .isEqualTo(
            "{__name__=\"latency_seconds\"} schema -53 UNKNOWN count 6.0 sum 4.5 zero 0.0/0.0"
                + " + [0, 1, 1, 2][1.0, 3.0, 2.0] - [][] bounds [0.25, 1.0, 1000000.0]"
                + when);
  }

  @Test
  void aPointWithoutAValueBecomesStaleMarkers() throws Exception {
    byte[] message =
        request(
            histogram(
                AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE,
                histogramPoint().setFlags(1)),
            gauge("g", "", NumberDataPoint.newBuilder().setTimeUnixNano(TIME).setFlags(1)));
    assertThat(lines(message))
        .contains(
            "{__name__=\"latency_seconds_bucket\", le=\"1000000\"} stale @1700000060000",
            "{__name__=\"g\"} stale @1700000060000");
  }

  private static Metric exponential(ExponentialHistogramDataPoint.Builder point) {
    return Metric.newBuilder()
        .setName("size")
        .setExponentialHistogram(
            ExponentialHistogram.newBuilder()
                .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                .addDataPoints(point))
        .build();
  }

  @Test
  void anExponentialHistogramIsANativeOne() throws Exception {
    ExponentialHistogramDataPoint.Builder point =
        ExponentialHistogramDataPoint.newBuilder()
            .setStartTimeUnixNano(START)
            .setTimeUnixNano(TIME)
            .setCount(10)
            .setSum(2.5)
            .setScale(10)
            .setZeroCount(1)
            .setZeroThreshold(0.001)
            .setPositive(
                ExponentialHistogramDataPoint.Buckets.newBuilder()
                    .setOffset(-3)
                    .addAllBucketCounts(List.of(1L, 0L, 2L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 3L)))
            .setNegative(
                ExponentialHistogramDataPoint.Buckets.newBuilder()
                    .setOffset(4)
                    .addAllBucketCounts(List.of(2L)));
    // Scale 10 to 8 joins four: indices -3, -1, 0 and 8 become -1, -1, 0 and 2, plus one.
    assertThat(lines(request(exponential(point))).getFirst())
        .isEqualTo(
            "{__name__=\"size\"} schema 8 RESET count 10.0 sum 2.5 zero 1.0/0.001"
                + " + [0, 2, 1, 1][3.0, 1.0, 3.0] - [2, 1][2.0]"
                + " @1700000060000 since 1700000000000");
    DecodedPoints tooCoarse =
        DecodedPoints.of(OtlpSettings.DEFAULT, request(exponential(point.clone().setScale(-5))));
    assertThat(tooCoarse.report.rejectedPoints()).isEqualTo(1);
    assertThat(tooCoarse.report.message()).contains("scale -5 is below -4");
    DecodedPoints contradictory =
        DecodedPoints.of(OtlpSettings.DEFAULT, request(exponential(point.clone().setCount(9))));
    assertThat(contradictory.report.message()).contains("its count is 9 and its buckets hold 10");
  }

  @Test
  void aSummaryHasQuantiles() throws Exception {
    Metric metric =
        Metric.newBuilder()
            .setName("rpc")
            .setSummary(
                Summary.newBuilder()
                    .addDataPoints(
                        SummaryDataPoint.newBuilder()
                            .setTimeUnixNano(TIME)
                            .setCount(3)
                            .setSum(1.5)
                            .addQuantileValues(
                                SummaryDataPoint.ValueAtQuantile.newBuilder()
                                    .setQuantile(0.5)
                                    .setValue(0.25))
                            .addQuantileValues(
                                SummaryDataPoint.ValueAtQuantile.newBuilder()
                                    .setQuantile(1)
                                    .setValue(1))))
            .build();
    assertThat(lines(request(metric)))
        .containsExactly(
            "{__name__=\"rpc_count\"} 3.0 @1700000060000",
            "{__name__=\"rpc_sum\"} 1.5 @1700000060000",
            "{__name__=\"rpc\", quantile=\"0.5\"} 0.25 @1700000060000",
            "{__name__=\"rpc\", quantile=\"1\"} 1.0 @1700000060000",
            "rpc is summary||");
  }

  @Test
  void whatIsRejectedIsCountedAndTheRestIsKept() throws Exception {
    byte[] message =
        request(
            gauge("good", "", point(1)),
            gauge("timeless", "", point(1).setTimeUnixNano(0)),
            gauge("keyless", "", point(1, attribute("", "v"))),
            gauge("___", "", point(1)),
            gauge("...", "", point(1)),
            gauge("valueless", "", NumberDataPoint.newBuilder().setTimeUnixNano(TIME)),
            sum(
                "unspecified",
                AggregationTemporality.AGGREGATION_TEMPORALITY_UNSPECIFIED,
                true,
                point(1)),
            histogram(
                AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA,
                histogramPoint().addBucketCounts(1)),
            histogram(
                AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA,
                histogramPoint().setExplicitBounds(1, 0.1)));
    DecodedPoints decoded = DecodedPoints.of(OtlpSettings.DEFAULT, message);
    assertThat(decoded.lines)
        .filteredOn(line -> line.startsWith("{"))
        .containsExactly("{__name__=\"good\"} 1.0 @1700000060000 since 1700000000000");
    assertThat(decoded.report.points()).isEqualTo(1);
    assertThat(decoded.report.rejectedPoints()).isEqualTo(8);
    assertThat(decoded.report.message())
        .startsWith("rejected 8 of 9 data points; first reasons: a point of 'timeless'")
        .contains("no time_unix_nano");
  }

  @Test
  void bytesThatAreNoRequestAreRefusedWhole() {
    byte[] message = request(gauge("good", "", point(1)));
    byte[] cut = Arrays.copyOf(message, message.length - 3);
    assertThatThrownBy(() -> lines(cut))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageContaining("malformed OTLP metrics message at byte");
  }
}
