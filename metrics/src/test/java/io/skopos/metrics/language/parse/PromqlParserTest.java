// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.metrics.language.ast.Binary;
import io.skopos.metrics.language.ast.NumberLiteral;
import io.skopos.metrics.language.ast.PositionRange;
import io.skopos.metrics.language.ast.StringLiteral;
import io.skopos.model.Matcher;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromqlParserTest {

  private final PromqlParser parser = new PromqlParser(ParserOptions.ALL);
  private final PromqlParser stable = new PromqlParser(ParserOptions.STABLE);

  @Test
  void messagesNameLineAndColumn() {
    assertThatThrownBy(() -> parser.parse("sum(\n  foo{a=\"ä\"} +\n)"))
        .isInstanceOf(ParseFailed.class)
        .hasMessage("3:1: parse error: unexpected \")\" in aggregation");
    assertThatThrownBy(() -> parser.parse("\"ä\" + *"))
        .hasMessage("1:8: parse error: unexpected <op:*>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "mad_over_time(foo[5m]) | function \"mad_over_time\" is not enabled",
        "limitk(2, foo) | limitk() is experimental and must be enabled with"
            + " --enable-feature=promql-experimental-functions",
        "foo[5m + 1m] | experimental duration expression is not enabled",
        "foo offset (5m) | experimental duration expression is not enabled",
        "foo[step()] | experimental duration expression is not enabled",
        "foo[5m] anchored | anchored modifier is experimental and not enabled",
        "foo smoothed | smoothed modifier is experimental and not enabled",
        "a + fill(0) b | binop fill modifiers are experimental and not enabled",
      })
  void switchedOffSyntaxIsNamed(String query, String message) throws ParseFailed {
    parser.parse(query);
    assertThatThrownBy(() -> stable.parse(query))
        .isInstanceOf(ParseFailed.class)
        .hasMessageEndingWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "foo) | 1:5 | unexpected right parenthesis ')'",
        "foo[5m | 1:7 | unclosed left bracket",
        "foo[5m:1m | 1:10 | unclosed left bracket",
        "foo[5m:1m:1m] | 1:10 | unexpected colon ':'",
        "foo[:5m] | 1:6 | unexpected colon before duration in duration expression",
        "foo{a=\"b\" c=\"d\"} | 1:11 | unexpected identifier \"c\" in label matching,"
            + " expected \",\" or \"}\"",
        "foo{a=~\"(\"} | 1:5 | error parsing regexp: missing closing ): `(`",
        "nope(foo) | 1:1 | unknown function with name \"nope\"",
        "sum() | 1:1 | no arguments for aggregate expression provided",
        "rate(foo[5m],) | 1:13 | trailing commas not allowed in function call args",
        "foo offset 5m offset 5m | 1:1 | offset may not be set multiple times",
        "foo @ 5 @ 5 | 1:1 | @ <timestamp> may not be set multiple times",
        "foo @ start | 1:12 | unexpected end of input in @, expected timestamp",
        "foo[5m:] anchored | 1:1 | anchored modifier is not supported for subqueries",
        "foo anchored smoothed | 1:1 | anchored and smoothed modifiers cannot be used together",
        "sum(foo) @ 5 | 1:1 | @ modifier must be preceded by an instant vector selector or range"
            + " vector selector or a subquery",
        "foo[0s] | 1:5 | duration must be greater than 0",
        "a and fill(1) b | 1:1 | filling in missing series not allowed for set operators",
        "1 + fill(1) b | 1:1 | filling in missing series only allowed between instant vectors",
        "foo + \"x\" | 1:7 | binary expression must contain only scalar and instant vector types",
        "sum(foo[5m]) | 1:5 | expected type instant vector in aggregation expression, got range"
            + " vector",
        "foo bar | 1:5 | unexpected identifier \"bar\"",
        "foo \"a very long string\" | 1:5 | unexpected string \"\\\"a very lo\"...",
        "foo 5m | 1:5 | unexpected duration \"5m\"",
        "0x1_ | 1:1 | bad number or duration syntax: \"0x1_\"",
        "'\\xzz' | 1:1 | illegal character U+007A 'z' in escape sequence",
        "\"\\ud800\" | 1:1 | escape sequence is an invalid Unicode code point",
      })
  void wrongTextsAreExplained(String query, String position, String message) {
    assertThatThrownBy(() -> parser.parse(query))
        .isInstanceOf(ParseFailed.class)
        .hasMessage(position + ": parse error: " + message);
  }

  @ParameterizedTest
  @CsvSource({
    "0b1,bad",
    "0o17,bad",
    "017,15",
    "089,89",
    "1_2_3,123",
    "0x_ff,255",
    "1e3,1000",
    "1.5e-3,0.0015",
    ".5,0.5",
    "5.,5",
    "9223372036854775808,9223372036854775808",
    "inf,Infinity",
    "nan,NaN",
    "1h30m,5400",
    "1y2w3d,33004800",
    "1500ms,1.5",
    "1__2,bad"
  })
  void numbersReadAsInGo(String text, String value) {
    try {
      assertThat(parser.parse(text))
          .isInstanceOfSatisfying(
              NumberLiteral.class,
              number -> assertThat(number.value()).isEqualTo(Double.valueOf(value)));
    } catch (ParseFailed _) {
      assertThat(value).isEqualTo("bad");
    }
  }

  @Test
  void rawStringsHaveNoEscapes() throws ParseFailed {
    assertThat(parser.parse("`a\\n\"\n`"))
        .isInstanceOfSatisfying(
            StringLiteral.class, string -> assertThat(string.value()).isEqualTo("a\\n\"\n"));
    assertThatThrownBy(() -> parser.parse("`abc"))
        .hasMessage("1:1: parse error: unterminated raw string");
  }

  @Test
  void bytesThatAreNoUtf8AreToldFromEveryCharacter() throws ParseFailed {
    assertThat(parser.parse("\"a\\xc5z \\303\\244\""))
        .isInstanceOfSatisfying(
            StringLiteral.class, string -> assertThat(string.value()).isEqualTo("a\udcc5z ä"));
  }

  @Test
  void keywordsNameMetricsAndLabelsWhereTheyCan() throws ParseFailed {
    for (String word :
        List.of("sum", "by", "offset", "and", "start", "step", "fill", "max_of", "limitk")) {
      parser.parse(word);
      parser.parse(word + "{" + word + "=\"x\"}[5m]");
      parser.parse("sum by (" + word + ", bool, on, group_left) (" + word + ")");
      parser.parse("a + on (" + word + ") " + word);
    }
    assertThatThrownBy(() -> parser.parse("bool")).isInstanceOf(ParseFailed.class);
  }

  @Test
  void positionsAreBytes() throws ParseFailed {
    Binary binary = (Binary) parser.parse("{\"ä\"} + foo offset 5m");
    assertThat(binary.left().position()).isEqualTo(new PositionRange(0, 6));
    assertThat(binary.right().position()).isEqualTo(new PositionRange(9, 22));
  }

  @Test
  void selectorsAloneAreReadForMatchParameters() throws ParseFailed {
    assertThat(parser.parseSelector("up{job!=\"x\"}"))
        .containsExactly(
            new Matcher(Matcher.Type.NOT_EQUAL, "job", "x"), Matcher.equal("__name__", "up"));
    for (String wrong : List.of("up[5m]", "up offset 5m", "sum(up)", "up + up", "", "5", "{}")) {
      assertThatThrownBy(() -> parser.parseSelector(wrong)).isInstanceOf(ParseFailed.class);
    }
  }

  @Test
  void depthAndLengthAreBounded() {
    String deep = "is nested more than 250 levels deep";
    assertThatThrownBy(() -> parser.parse("(".repeat(100_000) + "1")).hasMessageContaining(deep);
    assertThatThrownBy(() -> parser.parse("-".repeat(100_000) + "a")).hasMessageContaining(deep);
    assertThatThrownBy(() -> parser.parse("a+".repeat(100_000) + "a")).hasMessageContaining(deep);
    assertThatThrownBy(() -> parser.parse("a^".repeat(100_000) + "a")).hasMessageContaining(deep);
    assertThatThrownBy(() -> parser.parse("abs(".repeat(100_000))).hasMessageContaining(deep);
    assertThatThrownBy(() -> parser.parse("sum by(a)(".repeat(100_000))).hasMessageContaining(deep);
    assertThatThrownBy(() -> parser.parse("a" + "[5m:]".repeat(100_000)))
        .hasMessageContaining(deep);
    assertThatThrownBy(() -> parser.parse("a[" + "(".repeat(100_000))).hasMessageContaining(deep);
    assertThatThrownBy(() -> parser.parse("a[1" + "+1".repeat(100_000) + "]"))
        .hasMessageContaining(deep);
    assertThatThrownBy(() -> parser.parse("a offset " + "-".repeat(100_000)))
        .hasMessageContaining(deep);
    assertThatThrownBy(() -> parser.parse("a".repeat(2_000_000)))
        .hasMessageContaining("the expression has 2000000 bytes, more than the 1048576 allowed");
  }

  @Test
  void longChainsWithinTheBoundParse() throws ParseFailed {
    parser.parse("a" + " or a".repeat(248));
    parser.parse("(".repeat(200) + "a" + ")".repeat(200));
  }
}
