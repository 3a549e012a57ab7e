// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import static io.skopos.metrics.wire.Write2Requests.histogram;
import static io.skopos.metrics.wire.Write2Requests.message;
import static io.skopos.metrics.wire.Write2Requests.sample;
import static io.skopos.metrics.wire.Write2Requests.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.metrics.wire.ProtoSchema.Message;
import io.skopos.model.Labels;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.web.wire.MalformedMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RemoteWrite2DecoderTest {

  private static final long NOW = 1_700_000_000_000L;

  private final RemoteWrite2Decoder decoder = new RemoteWrite2Decoder();
  private final SampleBatch batch = new SampleBatch();
  private final Write2Requests requests = new Write2Requests();

  @Test
  void resolvesSymbolsAndKeepsStarts() throws Exception {
    requests
        .series("__name__", "requests_total", "job", "ü")
        .with(
            "samples",
            sample(2000, 1.5).with("start", 1000),
            sample(3000, StaleMarker.VALUE),
            sample(4000, 2).with("start", 9000))
        .with("exemplars", requests.exemplar(1500, 0.5, "trace_id", "abc", "job", "x"))
        .with("metadata", requests.metadata(1, "How many.", "requests"));
    requests.series("__name__", "old").with("samples", sample(2000, 1)).with("created", 500);
    WriteReport report = decode();
    assertThat(rows())
        .containsExactly(
            "{__name__=\"requests_total\", job=\"ü\"} 2000 1.5 since 1000",
            "{__name__=\"requests_total\", job=\"ü\"} 3000 NaN",
            "{__name__=\"requests_total\", job=\"ü\"} 4000 2.0",
            "{__name__=\"old\"} 2000 1.0 since 500");
    assertThat(StaleMarker.is(batch.value(1))).isTrue();
    assertThat(batch.exemplars())
        .containsExactly(
            new SampleBatch.ExemplarRow(
                0, new Exemplar(Labels.of("trace_id", "abc", "job", "x"), 0.5, 1500)));
    assertThat(batch.metadata())
        .containsExactly(
            new SampleBatch.MetadataRow(
                NOW, "requests_total", new MetricMetadata("counter", "How many.", "requests")));
    assertThat(report.isPartial()).isFalse();
    assertThat(report.samples()).isEqualTo(4);
    assertThat(report.exemplars()).isEqualTo(1);
  }

  @Test
  void readsIntegerFloatAndCustomHistograms() throws Exception {
    requests
        .series("__name__", "h")
        .with(
            "histograms",
            message("Histogram")
                .with("timestamp", 1000)
                .with("start", 500)
                .with("count_int", 11)
                .with("sum", 5.5)
                .with("schema", 3)
                .with("zero_threshold", 1e-10)
                .with("zero_count_int", 2)
                .with("positive_spans", span(-1, 2), span(2, 1))
                .with("positive_deltas", 1, 2, -1)
                .with("negative_spans", span(4, 1))
                .with("negative_deltas", 3)
                .with("reset_hint", 2),
            message("Histogram")
                .with("timestamp", 2000)
                .with("count_float", 4.5)
                .with("sum", -1)
                .with("schema", -4)
                .with("zero_count_float", 1.5)
                .with("positive_spans", span(0, 2))
                .with("positive_counts", 1, 2)
                .with("reset_hint", 3),
            message("Histogram")
                .with("timestamp", 3000)
                .with("count_int", 3)
                .with("sum", 7)
                .with("schema", -53)
                .with("positive_spans", span(0, 3))
                .with("positive_deltas", 1, 0, 0)
                .with("custom_values", 0.5, 10),
            message("Histogram").with("timestamp", 4000).with("sum", StaleMarker.VALUE));
    WriteReport report = decode();
    assertThat(report.summary()).isEqualTo("kept 0 samples, 4 native histograms");
    assertThat(batch.startMs(0)).isEqualTo(500);
    assertThat(batch.histogramAt(0))
        .isEqualTo(
            new NativeHistogram(
                3,
                true,
                ResetHint.NO_RESET,
                1e-10,
                2,
                11,
                5.5,
                new Buckets(new int[] {-1, 2, 2, 1}, new double[] {1, 3, 2}),
                new Buckets(new int[] {4, 1}, new double[] {3}),
                NativeHistogram.NO_CUSTOM_VALUES));
    assertThat(batch.histogramAt(1))
        .isEqualTo(
            new NativeHistogram(
                -4,
                false,
                ResetHint.GAUGE,
                0,
                1.5,
                4.5,
                -1,
                new Buckets(new int[] {0, 2}, new double[] {1, 2}),
                Buckets.NONE,
                NativeHistogram.NO_CUSTOM_VALUES));
    assertThat(Objects.requireNonNull(batch.histogramAt(2)).customValues())
        .containsExactly(0.5, 10);
    assertThat(StaleMarker.is(batch.value(3))).isTrue();
  }

  @Test
  void finerResolutionsAreReduced() throws Exception {
    // Schema 10 halves twice: buckets 1 to 4 are one bucket of schema 8, 5 the next.
    requests
        .series("__name__", "h")
        .with(
            "histograms",
            message("Histogram")
                .with("count_int", 15)
                .with("schema", 10)
                .with("positive_spans", span(0, 4), span(0, 2))
                .with("positive_deltas", 0, 1, 1, 1, 1, 1));
    decode();
    NativeHistogram reduced = Objects.requireNonNull(batch.histogramAt(0));
    assertThat(reduced.schema()).isEqualTo(8);
    assertThat(reduced.positive())
        .isEqualTo(new Buckets(new int[] {0, 3}, new double[] {0, 10, 5}));
  }

  @Test
  void badHistogramsAreNamedAndLoseNothingElse() throws Exception {
    requests
        .series("__name__", "h", "job", "j")
        .with(
            "histograms",
            histogram(1),
            histogram(2).with("count_int", 7),
            histogram(3).with("schema", -9),
            histogram(4).with("positive_deltas", 1),
            histogram(5).with("positive_spans", span(-1, 0)),
            histogram(6).with("positive_deltas", -3).with("positive_spans", span(0, 1)),
            histogram(7).with("schema", -53).with("custom_values", 2, 1),
            histogram(8).with("schema", 53),
            histogram(9).with("sum", Double.NaN).with("count_int", 3),
            histogram(10).with("custom_values", 1))
        .with("samples", sample(1, 1));
    WriteReport report = decode();
    assertThat(report.histograms()).isEqualTo(2);
    assertThat(report.samples()).isEqualTo(1);
    assertThat(report.refusedHistograms()).isEqualTo(8);
    assertThat(report.reasons())
        .hasSize(5)
        .allMatch(reason -> reason.startsWith("series {__name__=\"h\", job=\"j\"}: the native"))
        .anyMatch(reason ->
            reason.endsWith("at 2 is bad: its buckets hold 2 observations, its count is 7"));
    assertThat(report.summary())
        .startsWith("kept 1 samples, 2 native histograms, 8 native histograms refused");
  }

  @Test
  void badReferencesAndSeriesAreNamed() throws Exception {
    requests.series("__name__", "good").with("samples", sample(1, 1));
    requests.series().with("labels", 1, 99).with("samples", sample(1, 1));
    requests.series("__name__", "odd").with("labels", 1).with("histograms", histogram(1));
    requests.series("job", "nameless").with("metadata", requests.metadata(1, "x", ""));
    requests.series("__name__", "").with("exemplars", requests.exemplar(1, 1));
    requests.series("__name__", "e").with("exemplars", message("Exemplar").with("labels", 1, 55));
    WriteReport report = decode();
    assertThat(rows()).containsExactly("{__name__=\"good\"} 1 1.0");
    assertThat(report.refusedSeries()).isEqualTo(4);
    assertThat(report.refusedSamples()).isEqualTo(1);
    assertThat(report.refusedHistograms()).isEqualTo(1);
    assertThat(report.refusedExemplars()).isEqualTo(2);
    assertThat(report.refusedMetadata()).isEqualTo(1);
    assertThat(report.reasons())
        .containsExactly(
            "series {}: its label 0 refers to symbol 99, there are 8",
            "series {__name__=\"odd\"}: its 3 label references are not pairs of name and value",
            "series {job=\"nameless\"}: it has no label __name__",
            "series {__name__=\"\"}: it has no label __name__",
            "series {__name__=\"e\"}: an exemplar is bad: its label 0 refers to symbol 55, there"
                + " are 8");
  }

  @Test
  void metadataIsOfTheFamilyAndToldOnce() throws Exception {
    for (String le : List.of("1", "2", "+Inf")) {
      requests
          .series("__name__", "size_bucket", "le", le)
          .with("samples", sample(1, 1))
          .with("metadata", requests.metadata(3, "Sizes.", "bytes"));
    }
    requests
        .series("__name__", "rpc_count")
        .with("samples", sample(1, 1))
        .with("metadata", requests.metadata(5, "", ""));
    requests
        .series("__name__", "plain")
        .with("samples", sample(1, 1))
        .with("metadata", requests.metadata(0, "", ""));
    decode();
    assertThat(batch.metadata())
        .containsExactly(
            new SampleBatch.MetadataRow(
                NOW, "size", new MetricMetadata("histogram", "Sizes.", "bytes")),
            new SampleBatch.MetadataRow(NOW, "rpc", new MetricMetadata("summary", "", "")));
  }

  @Test
  void symbolsMayComeBehindSeriesAndReferencesUnpacked() throws Exception {
    Message series = message("Series").with("labels", 1, 2).with("samples", sample(5, 6));
    byte[] back = message("Request").with("symbols", "", "__name__", "late").bytes();
    byte[] front = message("Request").with("timeseries", series).bytes();
    byte[] both = Arrays.copyOf(front, front.length + back.length);
    System.arraycopy(back, 0, both, front.length, back.length);
    decoder.decode(both, both.length, NOW, batch);
    assertThat(rows()).containsExactly("{__name__=\"late\"} 5 6.0");

    batch.clear();
    // Field 1 twice as single varints, then a sample.
    byte[] unpacked = {0x08, 1, 0x08, 2, 0x12, 4, 0x10, 7, 0x18, 3};
    byte[] message = new byte[back.length + unpacked.length + 2];
    System.arraycopy(back, 0, message, 0, back.length);
    message[back.length] = 5 << 3 | 2;
    message[back.length + 1] = (byte) unpacked.length;
    System.arraycopy(unpacked, 0, message, back.length + 2, unpacked.length);
    decoder.decode(message, message.length, NOW, batch);
    assertThat(rows()).containsExactly("{__name__=\"late\"} 7 0.0 since 3");
  }

  @Test
  void malformedMessagesAreRefusedWhole() {
    byte[] first = message("Request").with("symbols", "a").bytes();
    assertThatThrownBy(() -> decoder.decode(first, first.length, NOW, batch))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage(
            "malformed remote write 2.0 message at byte 3: the first symbol must be empty, it is"
                + " 'a'");
    requests.series("__name__", "x").with("samples", sample(1, 1));
    byte[] whole = requests.bytes();
    assertThatThrownBy(() -> decoder.decode(whole, whole.length - 1, NOW, batch))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageContaining("at byte");
  }

  private WriteReport decode() throws MalformedMessage {
    byte[] message = requests.bytes();
    return decoder.decode(message, message.length, NOW, batch);
  }

  private List<String> rows() {
    List<String> rows = new ArrayList<>();
    for (int series = 0; series < batch.seriesCount(); series++) {
      for (int i = batch.sampleStart(series); i < batch.sampleEnd(series); i++) {
        long start = batch.startMs(i);
        rows.add(
            batch.labels(series)
                + " "
                + batch.timeMs(i)
                + " "
                + batch.value(i)
                + (start == 0 ? "" : " since " + start));
      }
    }
    return rows;
  }
}
