// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.metrics.language.parse.ParserOptions;
import io.skopos.metrics.language.parse.PromqlParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationResolutionTest {

  private final PromqlParser parser = new PromqlParser(ParserOptions.ALL);
  private final DurationResolution resolution = new DurationResolution(15_000, 3_600_000);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5m | 300000",
        "step() * 4 | 60000",
        "range() / 2 | 1800000",
        "2 ^ 3 ^ 1 | 8000",
        "-2 ^ 2 + 10 | 6000",
        "10s - 3s - 2s | 5000",
        "1h % 7m | 240000",
        "max_of(step(), 1m) | 60000",
        "min_of(step(), 1m) | 15000",
        "1.5 * 1s | 1500",
      })
  void rangesAreComputed(String range, long millis) throws ParseFailed {
    MatrixSelector matrix = (MatrixSelector) resolve("foo[" + range + "]");
    assertThat(matrix.range().millis()).isEqualTo(millis);
  }

  @Test
  void offsetsMayBeNegative() throws ParseFailed {
    VectorSelector selector = (VectorSelector) resolve("foo offset -(step() * 2)");
    assertThat(selector.offset().millis()).isEqualTo(-30_000);
  }

  @Test
  void everyPlaceInATreeIsReached() throws ParseFailed {
    Call call =
        (Call)
            resolve("rate((sum by (a) (-foo offset (step())) + 1)[step():step()] offset step())");
    Subquery subquery = (Subquery) call.arguments().getFirst();
    assertThat(subquery.range().millis()).isEqualTo(15_000);
    assertThat(subquery.step().millis()).isEqualTo(15_000);
    assertThat(subquery.offset().millis()).isEqualTo(15_000);
    subquery.forEach(node -> {
      if (node instanceof VectorSelector selector) {
        assertThat(selector.offset().millis()).isEqualTo(15_000);
      }
    });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "foo[step() - 1m] | 4:15: duration must be greater than 0",
        "foo[step() / (step() - 15s)] | 4:26: division by zero",
        "foo[step() % (step() - 15s)] | 4:26: modulo by zero",
        "foo[0.0000001] | 4:13: duration must be at least 1ms",
        "foo[10 ^ 300] | 4:12: duration is out of range",
      })
  void whatHasNoValueIsExplained(String query, String message) {
    assertThatThrownBy(() -> resolve(query))
        .isInstanceOf(InvalidDuration.class)
        .hasMessage(message);
  }

  private Expr resolve(String query) throws ParseFailed {
    return resolution.resolve(parser.parse(query));
  }
}
