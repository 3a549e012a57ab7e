// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.logs.language.LogqlQuery;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random texts are refused in words, and what parses prints as what parses to the same. */
class RandomQueriesTest {

  private static final List<String> SEEDS =
      List.of(
          "{app=\"a\", b=~`c.+`} |= \"x\" or \"y\" !~ `z` | json | a>1 and b=\"c\" or d<5s",
          "sum by (a) (rate({app=\"a\"} | logfmt --strict x=\"y\" | unwrap bytes(x) [5m]))",
          "topk(3, count_over_time({app=\"a\"}[1h] offset 5m)) / on(a) group_left(b) vector(2)",
          "label_replace(rate({app=\"a\"}[1m]), \"a\", \"$1\", \"b\", \"(.*)\") > bool 1.5e3",
          "quantile_over_time(.5, {a=\"b\"} | regexp `(?P<x>.)` | unwrap x | __error__=\"\" [1m])",
          "{a=\"b\"} | line_format `{{.x}}` | label_format a=b,c=`{{.d}}` | drop a,b=\"c\" | keep d",
          "{a=\"b\"} | pattern `<a> <_>` | x=ip(\"10.0.0.0/8\") | s>=2.5KiB | decolorize | unpack",
          "(1 + 2) * vector(1) ^ -1 or absent_over_time({a=\"b\"}[1w]) unless vector(0)");
  private static final List<String> WORDS =
      List.of(
          "{",
          "}",
          "(",
          ")",
          "[5m]",
          "[",
          "]",
          "|",
          "|=",
          "!=",
          "=~",
          "=",
          "==",
          ",",
          "\"x\"",
          "`y`",
          "a",
          "sum",
          "rate",
          "by",
          "without",
          "on",
          "ignoring",
          "group_left",
          "json",
          "logfmt",
          "unwrap",
          "offset",
          "1",
          "-1",
          "1.5",
          "5s",
          "10MB",
          "or",
          "and",
          "+",
          "^",
          "ip",
          "bool",
          "{a=\"b\"}",
          "#",
          "\n",
          "--strict",
          "é",
          "\"",
          "vector",
          "topk",
          "//",
          "/*");

  @Test
  void refusesInWords() {
    Random random = new Random(11);
    int parsed = 0;
    for (int i = 0; i < 10_000; i++) {
      String text = random.nextInt(3) == 0 ? soup(random) : mutated(random);
      try {
        parsed += same(text) ? 1 : 0;
      } catch (ParseFailed e) {
        assertThat(e).as(text).message().startsWith("parse error");
      }
    }
    assertThat(parsed).isGreaterThan(200);
  }

  private static boolean same(String text) throws ParseFailed {
    LogqlQuery query = LogqlQuery.parse(text);
    String canonical = query.canonical();
    // These have no way to be written.
    if (canonical.contains("NaN") || canonical.contains("Inf")) {
      return false;
    }
    LogqlQuery again = LogqlQuery.parse(canonical);
    assertThat(again.canonical()).as(text).isEqualTo(canonical);
    assertThat(LogqlQuery.parse(query.pretty()).canonical()).as(text).isEqualTo(canonical);
    return true;
  }

  private static String soup(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(14); i >= 0; i--) {
      text.append(WORDS.get(random.nextInt(WORDS.size())));
      if (random.nextBoolean()) {
        text.append(' ');
      }
    }
    return text.toString();
  }

  private static String mutated(Random random) {
    StringBuilder text = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + random.nextInt(4));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, WORDS.get(random.nextInt(WORDS.size())));
        case 2 -> text.replace(at, end, WORDS.get(random.nextInt(WORDS.size())));
        default -> text.insert(at, (char) random.nextInt(0x180));
      }
    }
    return text.toString();
  }
}
