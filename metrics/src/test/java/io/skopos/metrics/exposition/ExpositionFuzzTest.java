// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/**
 * Any bytes either parse or are refused with a line (of text), and a warm cache reads the same as a
 * cold one.
 */
class ExpositionFuzzTest {

  @FuzzTest
  void neitherFailsNorDiffersWithAWarmCache(FuzzedDataProvider data) {
    ExpositionFormat format = data.pickValue(ExpositionFormat.values());
    boolean strict = data.consumeBoolean() && format != ExpositionFormat.PROTOBUF;
    ExpositionOptions options =
        new ExpositionOptions(
            data.consumeBoolean(),
            data.consumeBoolean(),
            data.consumeBoolean(),
            data.consumeBoolean());
    byte[] body = data.consumeRemainingAsBytes();
    ExpositionParser parser =
        strict ? ExpositionParser.strict(format) : ExpositionParser.lax(format, options);
    SeriesCache cache = new SeriesCache(LabelMapping.IDENTITY, 100);
    List<String> cold = read(format, parser, body, cache);
    assertThat(read(format, parser, body, cache)).isEqualTo(cold);
  }

  private static List<String> read(
      ExpositionFormat format, ExpositionParser parser, byte[] body, SeriesCache cache) {
    CollectingSink sink = CollectingSink.passingOverBadLines();
    try {
      parser.parse(body, 0, body.length, cache, sink);
    } catch (ExpositionException e) {
      throw new AssertionError("bad lines are passed over", e);
    }
    if (format != ExpositionFormat.PROTOBUF) {
      sink.badLines().forEach(problem -> assertThat(problem.line()).isPositive());
    }
    return sink.samples();
  }
}
