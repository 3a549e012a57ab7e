// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.model.Label;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextFamiliesTest {

  private static final ExpositionOptions STARTS = new ExpositionOptions(true, false, false, true);
  private static final ExpositionOptions CONVERT = new ExpositionOptions(true, false, true, true);
  private static final ExpositionOptions CONVERT_AND_KEEP =
      new ExpositionOptions(true, true, true, false);

  private static final String BODY =
      """
      # TYPE jobs counter
      jobs_total{q="a"} 17 # {trace_id="x"} 1 5
      jobs_created{q="a"} 1.5
      jobs_total{q="b"} 18
      # TYPE rpc summary
      rpc{quantile="0.5"} 4
      rpc_count 7
      rpc_sum 8
      rpc_created 2
      # TYPE size histogram
      size_bucket{le="1.0"} 2 # {id="1"} 0.5 9
      size_bucket{le="2.0"} 3
      size_bucket{le="+Inf"} 5
      size_count 5
      size_sum 12.5
      size_created 3
      # TYPE other gauge
      other 1
      jobs_created 4
      # EOF
      """;

  private final SeriesCache cache = new SeriesCache(LabelMapping.IDENTITY, 1000);

  @Test
  void createdSamplesBecomeStarts() throws Exception {
    // Warm, the cache must give the same.
    for (int scrape = 0; scrape < 3; scrape++) {
      CollectingSink sink = read(ExpositionFormat.OPENMETRICS, BODY, STARTS);
      assertThat(sink.samples())
          .containsExactly(
              "{__name__=\"jobs_total\", q=\"a\"} 17.0 since 1500",
              "{__name__=\"jobs_total\", q=\"b\"} 18.0",
              "{__name__=\"rpc\", quantile=\"0.5\"} 4.0 since 2000",
              "{__name__=\"rpc_count\"} 7.0 since 2000",
              "{__name__=\"rpc_sum\"} 8.0 since 2000",
              "{__name__=\"size_bucket\", le=\"1.0\"} 2.0 since 3000",
              "{__name__=\"size_bucket\", le=\"2.0\"} 3.0 since 3000",
              "{__name__=\"size_bucket\", le=\"+Inf\"} 5.0 since 3000",
              "{__name__=\"size_count\"} 5.0 since 3000",
              "{__name__=\"size_sum\"} 12.5 since 3000",
              "{__name__=\"other\"} 1.0",
              "{__name__=\"jobs_created\"} 4.0");
      assertThat(sink.exemplars())
          .containsExactly("{trace_id=\"x\"} 1.0 5000", "{id=\"1\"} 0.5 9000");
      cache.retainUsed();
    }
  }

  @Test
  void withoutTheOptionTheyStaySeries() throws Exception {
    assertThat(read(ExpositionFormat.OPENMETRICS, BODY, ExpositionOptions.DEFAULT).samples())
        .hasSize(15)
        .contains("{__name__=\"rpc_created\"} 2.0");
  }

  @Test
  void classicHistogramsAreConvertedInBothFormats() throws Exception {
    NativeHistogram expected =
        new NativeHistogram(
            NativeHistogram.CUSTOM_BUCKETS,
            true,
            ResetHint.UNKNOWN,
            0,
            0,
            5,
            12.5,
            new Buckets(new int[] {0, 3}, new double[] {2, 1, 2}),
            Buckets.NONE,
            new double[] {1, 2});
    for (int scrape = 0; scrape < 2; scrape++) {
      CollectingSink openMetrics = read(ExpositionFormat.OPENMETRICS, BODY, CONVERT);
      assertThat(openMetrics.samples())
          .hasSize(8)
          .contains("{__name__=\"size\"} histogram 5.0 since 3000");
      assertThat(openMetrics.histograms()).containsExactly(expected);
      assertThat(openMetrics.exemplars()).contains("{id=\"1\"} 0.5 9000");
      cache.retainUsed();
    }
    String text =
        """
        # HELP size Sizes.
        # TYPE size histogram
        size_bucket{le="1"} 2 7
        size_bucket{le="2"} 3 7
        size_bucket{le="+Inf"} 5 7
        size_sum 12.5 7
        size_count 5 7
        size_bucket{l="x",le="1"} 0.5
        size_bucket{l="x",le="+Inf"} 1.5
        # TYPE bare histogram
        bare_count 3
        """;
    CollectingSink sink = read(ExpositionFormat.TEXT, text, CONVERT_AND_KEEP);
    assertThat(sink.histograms()).hasSize(2).contains(expected);
    assertThat(sink.histograms().get(1).integer()).isFalse();
    assertThat(sink.samples())
        .hasSize(10)
        .contains("{__name__=\"size\"} histogram 5.0 7")
        .contains("{__name__=\"size\", l=\"x\"} histogram 1.5")
        .contains("{__name__=\"size_bucket\", le=\"2\"} 3.0 7")
        .contains("{__name__=\"bare_count\"} 3.0");
  }

  @Test
  void whatCannotBeConvertedStaysClassicAndIsNamed() throws Exception {
    String text =
        "# TYPE size histogram\nsize_bucket{le=\"1\"} 5\nsize_bucket{le=\"+Inf\"} 3\nsize_count 3\n";
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    CollectingSink sink = CollectingSink.passingOverBadLines();
    ExpositionParser.lax(ExpositionFormat.TEXT, CONVERT).parse(body, 0, body.length, cache, sink);
    assertThat(sink.samples()).hasSize(3);
    assertThat(sink.badLines().getFirst())
        .hasMessageContaining("the classic histogram {__name__=\"size\"} cannot be converted: its");
    assertThatThrownBy(() -> read(ExpositionFormat.TEXT, text, CONVERT))
        .isInstanceOf(ExpositionException.class);
  }

  @Test
  void theMappingSeesTheConvertedSeries() throws Exception {
    SeriesCache dropping =
        new SeriesCache(
            (exposed, _) ->
                exposed.getOrEmpty(Label.METRIC_NAME).equals("size_bucket") ? null : exposed,
            1000);
    CollectingSink sink = new CollectingSink();
    byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
    ExpositionParser.lax(ExpositionFormat.OPENMETRICS, CONVERT)
        .parse(body, 0, body.length, dropping, sink);
    assertThat(sink.histograms()).hasSize(1);
  }

  private CollectingSink read(ExpositionFormat format, String text, ExpositionOptions options)
      throws ExpositionException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    CollectingSink sink = new CollectingSink();
    ExpositionParser.lax(format, options).parse(body, 0, body.length, cache, sink);
    return sink;
  }
}
