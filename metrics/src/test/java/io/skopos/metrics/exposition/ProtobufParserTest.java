// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import static io.skopos.metrics.exposition.MetricFamilies.labelled;
import static io.skopos.metrics.exposition.MetricFamilies.message;
import static io.skopos.metrics.exposition.MetricFamilies.metric;
import static io.skopos.metrics.exposition.MetricFamilies.time;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.skopos.metrics.wire.ProtoSchema;
import io.skopos.metrics.wire.ProtoSchema.Message;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtobufParserTest {

  private static final ExpositionOptions CLASSIC_ONLY =
      new ExpositionOptions(false, false, false, false);
  private static final ExpositionOptions BOTH = new ExpositionOptions(true, true, false, false);
  private static final ExpositionOptions CONVERT = new ExpositionOptions(true, false, true, false);

  private final SeriesCache cache = new SeriesCache(LabelMapping.IDENTITY, 1000);

  @Test
  void readsCountersGaugesAndUntyped() throws Exception {
    byte[] body =
        new MetricFamilies()
            .add(
                message("Family")
                    .with("name", "requests_total")
                    .with("help", "Requests.")
                    .with("type", ProtobufFamily.COUNTER)
                    .with("unit", "requests")
                    .with(
                        "metric",
                        metric("path", "/", "code", "200")
                            .with(
                                "counter",
                                message("Counter")
                                    .with("value", 7.5)
                                    .with("created", time(1_600_000_000_123L))
                                    .with(
                                        "exemplar",
                                        labelled("Exemplar", "trace_id", "abc")
                                            .with("value", 0.25)
                                            .with("time", time(1_700_000_000_500L))))
                            .with("timestamp_ms", 1_700_000_001_000L))
                    .bytes())
            .family(
                "temperature",
                ProtobufFamily.GAUGE,
                metric("room", "").with("gauge", message("Gauge").with("value", -3)))
            .family(
                "legacy",
                ProtobufFamily.UNTYPED,
                metric().with("untyped", message("Gauge").with("value", 1)))
            .bytes();
    CollectingSink sink = read(body, ExpositionOptions.DEFAULT);
    assertThat(sink.samples())
        .containsExactly(
            "{__name__=\"requests_total\", code=\"200\", path=\"/\"} 7.5 1700000001000"
                + " since 1600000000123",
            "{__name__=\"temperature\"} -3.0",
            "{__name__=\"legacy\"} 1.0");
    assertThat(sink.exemplars()).containsExactly("{trace_id=\"abc\"} 0.25 1700000000500");
    assertThat(sink.metadata())
        .containsExactly(
            "TYPE requests_total counter",
            "HELP requests_total Requests.",
            "UNIT requests_total requests",
            "TYPE temperature gauge",
            "TYPE legacy unknown");

    CollectingSink again = read(body, ExpositionOptions.DEFAULT);
    assertThat(again.samples()).isEqualTo(sink.samples());
    assertThat(again.metadata()).as("known from before").isEmpty();
    assertThat(cache.stored()).hasSize(3);
  }

  @Test
  void readsSummaries() throws Exception {
    Message summary =
        message("Summary")
            .with("count", 10)
            .with("sum", 4.5)
            .with("created", time(5_000))
            .with(
                "quantile",
                message("Quantile").with("quantile", 0.5).with("value", 0.1),
                message("Quantile").with("quantile", 1).with("value", Double.NaN));
    byte[] body =
        new MetricFamilies()
            .family("rpc", ProtobufFamily.SUMMARY, metric("s", "a").with("summary", summary))
            .bytes();
    assertThat(read(body, ExpositionOptions.DEFAULT).samples())
        .containsExactly(
            "{__name__=\"rpc_count\", s=\"a\"} 10.0 since 5000",
            "{__name__=\"rpc_sum\", s=\"a\"} 4.5 since 5000",
            "{__name__=\"rpc\", quantile=\"0.5\", s=\"a\"} 0.1 since 5000",
            "{__name__=\"rpc\", quantile=\"1.0\", s=\"a\"} NaN since 5000");
  }

  @Test
  void readsClassicHistograms() throws Exception {
    byte[] body =
        new MetricFamilies()
            .family(
                "size", ProtobufFamily.HISTOGRAM, metric().with("histogram", classicHistogram()))
            .bytes();
    CollectingSink sink = read(body, ExpositionOptions.DEFAULT);
    assertThat(sink.samples())
        .containsExactly(
            "{__name__=\"size_count\"} 5.0",
            "{__name__=\"size_sum\"} 12.5",
            "{__name__=\"size_bucket\", le=\"1.0\"} 2.0",
            "{__name__=\"size_bucket\", le=\"1e+06\"} 4.0",
            "{__name__=\"size_bucket\", le=\"+Inf\"} 5.0");
    assertThat(sink.exemplars()).containsExactly("{id=\"x\"} 0.5");
  }

  @Test
  void convertsClassicHistograms() throws Exception {
    byte[] body =
        new MetricFamilies()
            .family(
                "size", ProtobufFamily.HISTOGRAM, metric().with("histogram", classicHistogram()))
            .bytes();
    CollectingSink sink = read(body, CONVERT);
    assertThat(sink.samples()).containsExactly("{__name__=\"size\"} histogram 5.0");
    assertThat(sink.histograms())
        .containsExactly(
            new NativeHistogram(
                NativeHistogram.CUSTOM_BUCKETS,
                true,
                ResetHint.UNKNOWN,
                0,
                0,
                5,
                12.5,
                new Buckets(new int[] {0, 3}, new double[] {2, 2, 1}),
                Buckets.NONE,
                new double[] {1, 1e6}));
    assertThat(sink.exemplars()).as("without a time they are not kept").isEmpty();
    ExpositionOptions both = new ExpositionOptions(true, true, true, false);
    assertThat(read(body, both).samples()).hasSize(6).contains("{__name__=\"size\"} histogram 5.0");
  }

  @Test
  void readsNativeHistogramsPackedOrNot() throws Exception {
    for (ProtoSchema schema : List.of(MetricFamilies.UNPACKED, MetricFamilies.PACKED)) {
      byte[] family =
          schema
              .message("Family")
              .with("name", "latency")
              .with("type", ProtobufFamily.HISTOGRAM)
              .with(
                  "metric",
                  schema
                      .message("Metric")
                      .with(
                          "histogram",
                          schema
                              .message("Histogram")
                              .with("count", 12)
                              .with("sum", 18.4)
                              .with("schema", 1)
                              .with("zero_threshold", 0.001)
                              .with("zero_count", 2)
                              .with("positive_span", span(schema, 0, 2), span(schema, 1, 2))
                              .with("positive_delta", 1, 1, -1, 0)
                              .with("negative_span", span(schema, -3, 1))
                              .with("negative_delta", 5)
                              .with(
                                  "bucket",
                                  schema.message("Bucket").with("bound", 0.5).with("count", 12))
                              .with("created", createdAt(schema, 77))))
              .bytes();
      byte[] body = new MetricFamilies().add(family).bytes();
      CollectingSink sink = read(body, ExpositionOptions.DEFAULT);
      assertThat(sink.samples())
          .containsExactly("{__name__=\"latency\"} histogram 12.0 since 77000");
      assertThat(sink.histograms())
          .containsExactly(
              new NativeHistogram(
                  1,
                  true,
                  ResetHint.UNKNOWN,
                  0.001,
                  2,
                  12,
                  18.4,
                  new Buckets(new int[] {0, 2, 1, 2}, new double[] {1, 2, 1, 1}),
                  new Buckets(new int[] {-3, 1}, new double[] {5}),
                  NativeHistogram.NO_CUSTOM_VALUES));
      assertThat(read(body, BOTH).samples()).hasSize(5);
      assertThat(read(body, CLASSIC_ONLY).samples())
          .containsExactly(
              "{__name__=\"latency_count\"} 12.0 since 77000",
              "{__name__=\"latency_sum\"} 18.4 since 77000",
              "{__name__=\"latency_bucket\", le=\"0.5\"} 12.0 since 77000",
              "{__name__=\"latency_bucket\", le=\"+Inf\"} 12.0 since 77000");
    }
  }

  @Test
  void readsFloatGaugeHistogramsWithTheirExemplars() throws Exception {
    Message histogram =
        message("Histogram")
            .with("count_float", 2.5)
            .with("sum", 1)
            .with("schema", 10)
            .with("positive_span", span(MetricFamilies.UNPACKED, 1, 2))
            .with("positive_count", 1.5, 1)
            .with(
                "exemplars",
                labelled("Exemplar", "id", "1").with("value", 1).with("time", time(1000)),
                labelled("Exemplar", "id", "2").with("value", 2));
    byte[] body =
        new MetricFamilies()
            .family("queue", ProtobufFamily.GAUGE_HISTOGRAM, metric().with("histogram", histogram))
            .bytes();
    CollectingSink sink = read(body, ExpositionOptions.DEFAULT);
    NativeHistogram read = sink.histograms().getFirst();
    assertThat(read.isGauge()).isTrue();
    assertThat(read.integer()).isFalse();
    assertThat(read.schema()).as("finer ones are reduced").isEqualTo(8);
    assertThat(read.positive()).isEqualTo(new Buckets(new int[] {1, 1}, new double[] {2.5}));
    assertThat(sink.exemplars()).containsExactly("{id=\"1\"} 1.0 1000");
    assertThat(sink.metadata()).containsExactly("TYPE queue gaugehistogram");
  }

  @Test
  void anEmptySpanMarksANativeHistogramWithoutObservations() throws Exception {
    Message histogram =
        message("Histogram").with("positive_span", span(MetricFamilies.UNPACKED, 0, 0));
    byte[] body =
        new MetricFamilies()
            .family("idle", ProtobufFamily.HISTOGRAM, metric().with("histogram", histogram))
            .bytes();
    assertThat(read(body, ExpositionOptions.DEFAULT).samples())
        .containsExactly("{__name__=\"idle\"} histogram 0.0");
  }

  @Test
  void aBadMetricIsNamedAndLosesNothingElse() throws Exception {
    Message good = message("Gauge").with("value", 1);
    Message lies =
        message("Histogram")
            .with("count", 3)
            .with("positive_span", span(MetricFamilies.UNPACKED, 0, 1))
            .with("positive_delta", 1);
    byte[] body =
        new MetricFamilies()
            .family(
                "g",
                ProtobufFamily.GAUGE,
                metric("a", "1").with("gauge", good),
                metric("a", "1", "a", "2").with("gauge", good),
                metric("", "1").with("gauge", good),
                message("Metric")
                    .with(
                        "label",
                        message("Label")
                            .with("name", "b")
                            .with("value", ByteString.copyFrom(new byte[] {(byte) 0xff})))
                    .with("gauge", good),
                metric("a", "2").with("gauge", good))
            .family("", ProtobufFamily.GAUGE, metric().with("gauge", good))
            .family("h", ProtobufFamily.HISTOGRAM, metric().with("histogram", lies))
            .add(new byte[] {0x0b})
            .family("last", 17, metric().with("gauge", good))
            .family("last", ProtobufFamily.GAUGE, metric().with("gauge", good))
            .bytes();
    CollectingSink sink = CollectingSink.passingOverBadLines();
    ExpositionParser.lax(ExpositionFormat.PROTOBUF).parse(body, 0, body.length, cache, sink);
    assertThat(sink.samples())
        .containsExactly(
            "{__name__=\"g\", a=\"1\"} 1.0",
            "{__name__=\"g\", a=\"2\"} 1.0",
            "{__name__=\"last\"} 1.0");
    assertThat(sink.badLines().stream().map(Throwable::getMessage))
        .hasSize(7)
        .contains(
            "a metric of the family 'g' has the label 'a' twice",
            "a metric of the family 'g' has a label with an empty name",
            "a metric family has no name",
            "a metric of the family 'h' is a bad native histogram: its buckets hold 1 observations,"
                + " its count is 3",
            "the metric family 'last' has the unknown type 17");
    assertThatThrownBy(() -> read(body, ExpositionOptions.DEFAULT))
        .isInstanceOf(ExpositionException.class)
        .hasMessage("a metric of the family 'g' has the label 'a' twice");
  }

  @Test
  void aBodyThatIsCutOffIsRefused() {
    byte[] body =
        new MetricFamilies()
            .family(
                "g",
                ProtobufFamily.GAUGE,
                metric().with("gauge", message("Gauge").with("value", 1)))
            .bytes();
    for (int length = 1; length < body.length; length++) {
      int cut = length;
      assertThatThrownBy(() ->
              ExpositionParser.lax(ExpositionFormat.PROTOBUF)
                  .parse(body, 0, cut, cache, new CollectingSink()))
          .isInstanceOf(ExpositionException.class)
          .hasMessageContaining("malformed stream of metric families at byte");
    }
  }

  @Test
  void isNegotiatedByItsContentType() {
    String type = "application/vnd.google.protobuf";
    assertThat(
            ExpositionFormat.ofContentType(
                type + "; proto=io.prometheus.client.MetricFamily; encoding=delimited"))
        .isEqualTo(ExpositionFormat.PROTOBUF);
    assertThat(ExpositionFormat.ofContentType(type)).isEqualTo(ExpositionFormat.PROTOBUF);
    assertThat(ExpositionFormat.ofContentType(type + "; encoding=text")).isNull();
    assertThat(ExpositionFormat.ofContentType(type + ";proto=other.Message")).isNull();
  }

  @Test
  void boundsAreWrittenAsTheGoClientDoes() {
    assertThat(List.of(0.005, 1.0, 100000.0, 1e6, 2.5e7, 1e-5, 123456.5))
        .extracting(FloatText::openMetrics)
        .containsExactly("0.005", "1.0", "100000.0", "1e+06", "2.5e+07", "1e-05", "123456.5");
    assertThat(FloatText.text(-0.0)).isEqualTo("-0");
    assertThat(FloatText.openMetrics(Double.NEGATIVE_INFINITY)).isEqualTo("-Inf");
  }

  private static Message classicHistogram() {
    return message("Histogram")
        .with("count", 5)
        .with("sum", 12.5)
        .with(
            "bucket",
            message("Bucket")
                .with("bound", 1)
                .with("count", 2)
                .with("exemplar", labelled("Exemplar", "id", "x").with("value", 0.5)),
            message("Bucket").with("bound", 1e6).with("count", 4));
  }

  private static Message span(ProtoSchema schema, int offset, int length) {
    return schema.message("Span").with("offset", offset).with("length", length);
  }

  private static Message createdAt(ProtoSchema schema, long seconds) {
    return schema.message("Time").with("seconds", seconds);
  }

  private CollectingSink read(byte[] body, ExpositionOptions options) throws ExpositionException {
    CollectingSink sink = new CollectingSink();
    ExpositionParser.lax(ExpositionFormat.PROTOBUF, options)
        .parse(body, 0, body.length, cache, sink);
    return sink;
  }
}
