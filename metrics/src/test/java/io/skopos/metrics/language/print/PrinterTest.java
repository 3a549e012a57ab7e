// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.print;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.metrics.language.parse.ParserOptions;
import io.skopos.metrics.language.parse.PromqlParser;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrinterTest {

  private final PromqlParser parser = new PromqlParser(ParserOptions.ALL);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "-1",
        "+Inf",
        "NaN",
        "0.000001",
        "5m",
        "\"a \\\"b\\\" \\\\ \\n \\x00 ä\"",
        "foo",
        "{__name__=\"foo bar\"}",
        "foo{a!=\"b\",c=~\"d|e\"}",
        "foo{\"some.label\"=\"x\"}",
        "foo offset 5m",
        "foo offset -1h30m",
        "foo @ 1603774568.123 offset 1w",
        "foo @ start()",
        "foo[5m] @ end() offset 1y",
        "foo[5m] anchored",
        "foo smoothed",
        "rate(foo[5m:30s] @ 10.000 offset -1m)",
        "foo[10m:]",
        "foo[5m * 2]",
        "foo[step() + 1s]",
        "foo[-2 ^ 2:max_of(step(), 5s)]",
        "foo offset (4s - -step())",
        "foo offset -(range() / 2)",
        "-foo ^ 2",
        "(a + b) * on (x, \"y z\") group_left (c) d",
        "a / ignoring () group_right () b",
        "a + fill (0) b",
        "a - on (x) fill_left (-1) fill_right (+Inf) b",
        "a > bool 1",
        "a unless on () b",
        "sum by (a, \"b.c\") (foo)",
        "topk without (a) (5, foo)",
        "count_values(\"v\", foo)",
        "sum(foo)",
        "label_join(foo, \"a\", \",\", \"b\", \"c\")",
        "info(foo, {a=~\".*\"})",
        "time()",
        "h >/ 5",
      })
  void canonicalTextsStayAsTheyAre(String query) throws ParseFailed {
    assertThat(Printer.print(parser.parse(query))).isEqualTo(query);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0x1F | 31",
        "1_000 | 1000",
        "1e3 | 1000",
        "0755 | 493",
        "- -1 | 1",
        "foo{b=\"1\", a='2',} | foo{a=\"2\",b=\"1\"}",
        "{\"foo\"} | {__name__=\"foo\"}",
        "foo[90s] | foo[1m30s]",
        "foo[(5s)] | foo[5s]",
        "foo offset (5s) + 3 | foo offset (5s + 3)",
        "foo offset (-5s) | foo offset -5s",
        "foo[(-2) ^ 2] | foo[(-2) ^ 2]",
        "sum (foo) by (a,b) | sum by (a, b) (foo)",
        "SUM(foo) # total | sum(foo)",
        "a+b*c | a + b * c",
        "a + on(x)group_left b | a + on (x) group_left () b",
        "foo OFFSET 1D2h | bad",
      })
  void otherTextsBecomeCanonical(String query, String canonical) {
    try {
      assertThat(Printer.print(parser.parse(query))).isEqualTo(canonical);
    } catch (ParseFailed _) {
      assertThat(canonical).isEqualTo("bad");
    }
  }

  @Test
  void shortExpressionsStayOnOneLine() throws ParseFailed {
    assertThat(pretty("sum(rate( foo[5m] ))  /  2")).isEqualTo("sum(rate(foo[5m])) / 2");
  }

  @Test
  void longExpressionsAreSplitAtOperatorsAndParentheses() throws ParseFailed {
    String long1 = "a".repeat(60);
    String long2 = "b".repeat(60);
    assertThat(
            pretty(
                "sum by (x) (rate(%s[5m])) > on(x) topk(3, -(%s + %s))"
                    .formatted(long1, long1, long2)))
        .isEqualTo(
            """
              sum by (x) (rate(%1$s[5m]))
            > on (x)
              topk(
                3,
                -(
                    %1$s
                  +
                    %2$s
                )
              )\
            """
                .formatted(long1, long2));
  }

  @Test
  void prettyTextsParseToTheSame() throws ParseFailed {
    String many =
        IntStream.range(0, 60)
            .mapToObj("metric_%d{a=\"b\"}"::formatted)
            .collect(Collectors.joining(" + "));
    Expr expr = parser.parse("max(max_over_time((" + many + ")[5m:1m])) or -(" + many + ")");
    String pretty = PrettyPrinter.print(expr);
    assertThat(pretty).contains("\n");
    assertThat(Printer.print(parser.parse(pretty))).isEqualTo(Printer.print(expr));
  }

  private String pretty(String query) throws ParseFailed {
    return PrettyPrinter.print(parser.parse(query));
  }
}
