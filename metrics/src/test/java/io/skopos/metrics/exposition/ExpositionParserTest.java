// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpositionParserTest {

  @Test
  void readsTextAsPrometheusDoes() throws Exception {
    assertThat(
            text(
                    """
                    # HELP a first \\\\ second\\n third \\" fourth
                    # TYPE a counter
                    # EOF is no more than a comment here
                    #
                    a 1
                      a{b="c"}2 1395066363000
                    a { b = "d" , } 3 -5
                    a{b="e" c="f"} 4
                    {"a"} 5
                    {"with space \\"quoted\\"", "l.1"="\\\\ \\" \\n \\t", l2=""} +Inf
                    {l="v","late name"} 0x
                    {l="v","late name"} NaN
                    b:c_d0 1e3
                    """,
                    CollectingSink.passingOverBadLines())
                .samples())
        .containsExactly(
            "{__name__=\"a\"} 1.0",
            "{__name__=\"a\", b=\"c\"} 2.0 1395066363000",
            "{__name__=\"a\", b=\"d\"} 3.0 -5",
            "{__name__=\"a\", b=\"e\", c=\"f\"} 4.0",
            "{__name__=\"a\"} 5.0",
            "{__name__=\"with space \\\"quoted\\\"\", l.1=\"\\\\ \\\" \\n \\\\t\"} Infinity",
            "{__name__=\"late name\", l=\"v\"} NaN",
            "{__name__=\"b:c_d0\"} 1000.0");
  }

  @Test
  void tellsMetadataOnceForACache() throws Exception {
    SeriesCache cache = new SeriesCache(LabelMapping.IDENTITY, 1000);
    String body = "# HELP \"a b\" two\\nlines\n# TYPE c untyped\n# UNIT c not text\nc 1\n";
    CollectingSink first = parse(ExpositionFormat.TEXT, body, cache, new CollectingSink());
    assertThat(first.metadata()).containsExactly("HELP a b two\nlines", "TYPE c unknown");
    CollectingSink second = parse(ExpositionFormat.TEXT, body, cache, new CollectingSink());
    assertThat(second.metadata()).isEmpty();
    assertThat(second.samples()).hasSize(1);
  }

  @Test
  void readsOpenMetricsWithExemplars() throws Exception {
    CollectingSink sink =
        parse(
            ExpositionFormat.OPENMETRICS,
            """
            # TYPE a_seconds counter
            # UNIT a_seconds seconds
            # HELP a_seconds says \\"hi\\"
            a_seconds_total{x="y"} 17 1520879607.789 # {id="1 # 2"} 0.5 1520879607.2
            a_seconds_total 4 # {} 3
            a_seconds_created 1520430000.1239
            # EOF
            """,
            new SeriesCache(LabelMapping.IDENTITY, 1000),
            new CollectingSink());
    assertThat(sink.samples())
        .containsExactly(
            "{__name__=\"a_seconds_total\", x=\"y\"} 17.0 1520879607789",
            "{__name__=\"a_seconds_total\"} 4.0",
            "{__name__=\"a_seconds_created\"} 1.5204300001239E9");
    assertThat(sink.exemplars()).containsExactly("{id=\"1 # 2\"} 0.5 1520879607200", "{} 3.0");
    assertThat(sink.metadata())
        .containsExactly(
            "TYPE a_seconds counter", "UNIT a_seconds seconds", "HELP a_seconds says \"hi\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "a|line 1: expected a value after 'a', got the end of the line",
        "a{b=\"c\" 1|line 1: expected a label name, got '1'",
        "a{b=\"c} 1|line 1: the quote of a label value is not closed on its line (a newline is "
            + "written \\n)",
        "a{b=\"c\",b=\"d\"} 1|line 1: the label 'b' stands there twice",
        "{b=\"c\"} 1|line 1: no metric name in '{b=\"c\"}'",
        "a.b 1|line 1: unexpected '.b' in the metric name 'a.b'; names with such characters are "
            + "written {\"name\"}",
        "a x|line 1: 'x' is not a value (a decimal number, NaN or +Inf, within the range of a "
            + "64-bit float)",
        "a 1 1.5|line 1: '1.5' is not a timestamp in whole milliseconds since 1970",
        "a 1 1 1|line 1: expected the end of the line, got '1'",
        "{\"a\",\"b\"} 1|line 1: a second metric name",
        "a{1=\"b\"} 1|line 1: expected a label name, got '1=\"b\"}'",
        "# TYPE a what|line 1: 'what' is not a type; the types are counter, gauge, histogram, "
            + "summary and untyped",
      })
  void namesWhatWasWrong(String line, String message) {
    assertThatThrownBy(() -> text(line + "\n", new CollectingSink())).hasMessage(message);
  }

  @Test
  void refusesBytesThatAreNoUtf8() {
    byte[] body = "a{b=\"\u00ff\"} 1\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() ->
            ExpositionParser.lax(ExpositionFormat.TEXT)
                .parse(
                    body,
                    0,
                    body.length,
                    new SeriesCache(LabelMapping.IDENTITY, 10),
                    new CollectingSink()))
        .hasMessage("line 1: a label value is not valid UTF-8");
  }

  @Test
  void openMetricsThatWasCutOffIsRefused() {
    for (String body : List.of("", "a 1\n", "a 1", "a 1\n# EO", "# HELP a b")) {
      assertThatThrownBy(() ->
              parse(
                  ExpositionFormat.OPENMETRICS,
                  body,
                  new SeriesCache(LabelMapping.IDENTITY, 10),
                  new CollectingSink()))
          .as(body)
          .isInstanceOf(ExpositionException.class);
    }
  }

  @Test
  void goesOnBehindABadLine() throws Exception {
    CollectingSink sink =
        text("a 1\nb{\nc 3\nd{x=\"y\ne 5\nf 6 z\n", CollectingSink.passingOverBadLines());
    assertThat(sink.samples())
        .containsExactly("{__name__=\"a\"} 1.0", "{__name__=\"c\"} 3.0", "{__name__=\"e\"} 5.0");
    assertThat(sink.badLines()).extracting(ExpositionException::line).containsExactly(2, 4, 6);
  }

  @Test
  void windowsLineEndsAreTaken() throws Exception {
    assertThat(
            text("# TYPE a gauge\r\n\r\na 1\r\na{b=\"c\"} 2 3\r\n", new CollectingSink()).samples())
        .containsExactly("{__name__=\"a\"} 1.0", "{__name__=\"a\", b=\"c\"} 2.0 3");
  }

  @Test
  void theBatchSinkFillsInTheTimeAndCountsBadLines() throws Exception {
    SampleBatch batch = new SampleBatch();
    SampleBatchSink sink = new SampleBatchSink(batch, 77);
    byte[] body =
        "# HELP a Some a.\n# TYPE a gauge\na 1\nbad line\na 2 5\n".getBytes(StandardCharsets.UTF_8);
    ExpositionParser.lax(ExpositionFormat.TEXT)
        .parse(body, 0, body.length, new SeriesCache(LabelMapping.IDENTITY, 10), sink);
    assertThat(batch.rows()).isEqualTo(2);
    assertThat(batch.minTimeMs()).isEqualTo(5);
    assertThat(batch.maxTimeMs()).isEqualTo(77);
    assertThat(sink.badLines()).isEqualTo(1);
    assertThat(sink.reported().getFirst()).hasMessageStartingWith("line 4: 'line' is not a value");
    assertThat(sink.metadata()).isEqualTo(Map.of("a", new MetricMetadata("gauge", "Some a.", "")));
  }

  @Test
  void theCacheTellsNamesThatBeginAlikeApart() throws Exception {
    SeriesCache cache = new SeriesCache(LabelMapping.IDENTITY, 1000);
    parse(ExpositionFormat.TEXT, "a 1\nab 2\n", cache, new CollectingSink());
    CollectingSink sink =
        parse(
            ExpositionFormat.TEXT,
            "a{x=\"y\"} 1\nab 2\na {x=\"z\"} 3\na 4\nabc 5\n",
            cache,
            new CollectingSink());
    assertThat(sink.samples())
        .containsExactly(
            "{__name__=\"a\", x=\"y\"} 1.0",
            "{__name__=\"ab\"} 2.0",
            "{__name__=\"a\", x=\"z\"} 3.0",
            "{__name__=\"a\"} 4.0",
            "{__name__=\"abc\"} 5.0");
  }

  @Test
  void theCacheForgetsWhatIsGoneAndSharesEqualLabels() throws Exception {
    SeriesCache cache =
        new SeriesCache(
            (labels, empty) ->
                labels.getOrEmpty("__name__").equals("c") ? null : labels.drop(List.of("d")),
            1000);
    parse(ExpositionFormat.TEXT, "a{d=\"1\"} 1\na 2\nb 3\nc 4\n", cache, new CollectingSink());
    assertThat(cache.size()).isEqualTo(4);
    assertThat(cache.stored())
        .extracting(StoredSeries::labels)
        .containsExactlyInAnyOrder(Labels.of("__name__", "a"), Labels.of("__name__", "b"));
    CollectingSink second = parse(ExpositionFormat.TEXT, "a 2\nc 4\n", cache, new CollectingSink());
    assertThat(second.samples()).containsExactly("{__name__=\"a\"} 2.0");
    cache.retainUsed();
    assertThat(cache.size()).isEqualTo(2);
  }

  @Test
  void theCacheStartsAnewAtItsBound() throws Exception {
    SeriesCache cache = new SeriesCache(LabelMapping.IDENTITY, 10);
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 95; i++) {
      body.append("a{i=\"").append(i).append("\"} ").append(i).append('\n');
    }
    CollectingSink sink =
        parse(ExpositionFormat.TEXT, body.toString(), cache, new CollectingSink());
    assertThat(sink.samples()).hasSize(95);
    assertThat(cache.size()).isBetween(1, 10);
  }

  private static CollectingSink text(String body, CollectingSink sink) throws ExpositionException {
    return parse(ExpositionFormat.TEXT, body, new SeriesCache(LabelMapping.IDENTITY, 1000), sink);
  }

  private static CollectingSink parse(
      ExpositionFormat format, String body, SeriesCache cache, CollectingSink sink)
      throws ExpositionException {
    byte[] bytes = ("??" + body + "??").getBytes(StandardCharsets.UTF_8);
    ExpositionParser.lax(format).parse(bytes, 2, bytes.length - 4, cache, sink);
    return sink;
  }
}
