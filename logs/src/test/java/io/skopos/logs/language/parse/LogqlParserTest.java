// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.logs.language.LogqlQuery;
import io.skopos.model.Matcher;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogqlParserTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '^',
      delimiter = ';',
      value = {
        "{a=\"b\"} |= \"x\" or ip(\"10.0.0.0/8\") |~ `y`"
            + "; {a=\"b\"} |= \"x\" or ip(\"10.0.0.0/8\") |~ \"y\"",
        "{a=\"b\"} != \"x\" or \"y\"; {a=\"b\"} != \"x\" != \"y\"",
        "{a=\"b\"} | x=1, y=2 or z=3; {a=\"b\"} | ( x==1 , ( y==2 or z==3 ) )",
        "{a=\"b\"} | x=1 and y=2 or z=3; {a=\"b\"} | ( ( x==1 , y==2 ) or z==3 )",
        "{a=\"b\"} | x=1 y=2 z=3; {a=\"b\"} | ( x==1 , ( y==2 , z==3 ) )",
        "{a=\"b\"} | (x=1 or y=2) and z=3; {a=\"b\"} | ( ( x==1 or y==2 ) , z==3 )",
        "{a=\"b\"} | d>-5m | d<1.5h | s>=1500B" + "; {a=\"b\"} | d>-5m0s | d<1h30m0s | s>=1.5kB",
        "{a=\"b\"} | x>1e9 | y<0.25; {a=\"b\"} | x>1000000000 | y<0.25",
        "1+1--1; 3",
        "-2^2; 4",
        "1 > 2; 0",
        "0x1p3 * 2; 16",
        "vector(1)*2+3; ((vector(1.000000) * 2) + 3)",
        "vector(1) == bool on() vector(2); (vector(1.000000) == bool on () vector(2.000000))",
        "vector(1) or vector(2) and vector(3)"
            + "; (vector(1.000000) or (vector(2.000000) and vector(3.000000)))",
        "sum(rate({a=\"b\"}[1m])) by (); sum(rate({a=\"b\"}[1m]))",
        "sum without() (rate({a=\"b\"}[1m])); sum without ()(rate({a=\"b\"}[1m]))",
        "sum((rate(({a=\"b\"}|=\"x\")[1h30m])))" + "; sum(rate({a=\"b\"} |= \"x\"[1h30m]))",
        "rate(({a=\"b\"}[1m])); rate({a=\"b\"}[1m])",
        "rate(({a=\"b\"})[1m] offset 5m | unwrap x)"
            + "; rate({a=\"b\"} | unwrap x[1m] offset 5m0s)",
        "rate({a=\"b\"}[1m] offset 5m |= \"x\" | unwrap x | y=1)"
            + "; rate({a=\"b\"} |= \"x\" | unwrap x | y==1[1m] offset 5m0s)",
        "{a=\"b\"} // no \\n |= \"x\" /* no */; {a=\"b\"} |= \"x\"",
        "{a=\"\\u00e9\\x41\\101\\t\"}; {a=\"éAA\\t\"}",
        "{a=\"b\"} | sum=\"1\" | bytes=2 | ip=\"x\" | unwrap_=3"
            + "; {a=\"b\"} | sum=\"1\" | bytes==2 | ip=\"x\" | unwrap_==3",
      })
  void printsInCanonicalForm(String query, String canonical) throws Exception {
    LogqlQuery parsed = LogqlQuery.parse(query.replace("\\n", "\n"));
    assertThat(parsed.canonical()).isEqualTo(canonical);
    assertThat(LogqlQuery.parse(canonical).expr()).isEqualTo(parsed.expr());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '^',
      delimiter = ';',
      value = {
        "{app=\"a\"; parse error at line 1, col 9: syntax error: unexpected $end, expecting } or ,",
        "{app; parse error at line 1, col 5: syntax error: unexpected $end,"
            + " expecting = or =~ or !~ or !=",
        "{; parse error at line 1, col 2: syntax error: unexpected $end, expecting IDENTIFIER or }",
        "{5}; parse error at line 1, col 2: syntax error: unexpected NUMBER,"
            + " expecting IDENTIFIER or }",
        "{a=\"b\"} |=; parse error at line 1, col 11: syntax error: unexpected $end,"
            + " expecting STRING or ip",
        "rate({a=\"b\"}[5); parse error at line 0, col 13: missing closing ']' in duration",
        "sum({a=\"b\"}[5m]); parse error at line 0, col 12: syntax error: unexpected RANGE",
        "{a=\"b\"}\\n| x; parse error at line 2, col 4: syntax error: unexpected $end",
        "vector(x); parse error at line 1, col 8: syntax error: unexpected IDENTIFIER,"
            + " expecting NUMBER",
        "topk(0, rate({a=\"b\"}[5m])); parse error : invalid parameter"
            + " (must be greater than 0) topk(0",
        "sum(rate({a=\"b\"}[5m]) by (c)); parse error : grouping not allowed for rate aggregation",
        "count_over_time({}[5m]); parse error : queries require at least one regexp or equality"
            + " matcher that does not have an empty-compatible value. For instance, app=~\".*\""
            + " does not meet this requirement, but app=~\".+\" will",
        "1 > 0x10; parse error : unable to parse literal as a float: strconv.ParseFloat: parsing"
            + " \"0x10\": invalid syntax",
      })
  void tellsWhatIsWrong(String query, String message) {
    assertThatThrownBy(() -> LogqlQuery.parse(query.replace("\\n", "\n")))
        .isInstanceOf(ParseFailed.class)
        .hasMessage(message);
  }

  @Test
  void boundsDepthAndLength() {
    assertThatThrownBy(() -> LogqlQuery.parse("(".repeat(1000) + "1"))
        .hasMessageContaining("nested more than 250 levels deep");
    assertThatThrownBy(() -> LogqlQuery.parse("vector(1)" + "+vector(1)".repeat(2000)))
        .hasMessageContaining("more than 1000 operators");
    assertThatThrownBy(() -> LogqlQuery.parse("{a=\"" + "b".repeat(200_000) + "\"}"))
        .hasMessageContaining("input size too long");
  }

  @Test
  void givesTheMatchersOfEachSelector() throws Exception {
    LogqlQuery query =
        LogqlQuery.parse("sum(rate({a=\"b\"}[1m])) / rate({c=~\"d\"} | json [1m]) + vector(1)");
    assertThat(query.isMetric()).isTrue();
    assertThat(query.selectors())
        .containsExactly(
            List.of(Matcher.equal("a", "b")), List.of(new Matcher(Matcher.Type.REGEX, "c", "d")));
    assertThat(LogqlQuery.parseMatchers("{a=\"b\"}")).containsExactly(Matcher.equal("a", "b"));
    assertThatThrownBy(() -> LogqlQuery.parseMatchers("{a=\"b\"} |= \"x\""))
        .hasMessageContaining("only label matchers are supported");
  }

  @Test
  void breaksLongQueriesIntoLines() throws Exception {
    String selector = "{namespace=\"production\", app=\"checkout\"}";
    String query =
        "topk(3,sum by (pod) (quantile_over_time(0.9,"
            + selector
            + " |= \"timeout\" | json | level=\"error\" | unwrap duration(took) | __error__=\"\""
            + " [5m] offset 1h) by (pod, node)))";
    assertThat(LogqlQuery.parse(query).pretty())
        .isEqualTo(
            """
            topk(
              3,
              sum by (pod)(
                quantile_over_time(
                  0.9,
                  {namespace="production", app="checkout"} |= "timeout" | json | level="error"
                    | unwrap duration(took)
                    | __error__="" [5m] offset 1h
                ) by (pod, node)
              )
            )\
            """);
  }
}
