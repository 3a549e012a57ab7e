// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.logs.language.LogqlQuery;
import io.skopos.logs.language.ast.LogExpr;
import io.skopos.logs.store.EntryCondition;
import io.skopos.logs.store.EntryCondition.Field;
import io.skopos.logs.store.EntryCondition.LineContains;
import io.skopos.logs.store.EntryCondition.Metadata;
import io.skopos.logs.store.EntryCondition.Syntax;
import io.skopos.logs.store.EntryCondition.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionsTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '^',
      delimiter = ';',
      nullValues = "nothing",
      value = {
        "|= `a` |= `b` or `c`; contains a, contains b/c",
        "!= `a` |~ `b` |= ``; nothing",
        "|= `a` or ip(`10.0.0.1`); nothing",
        "| json |= `a` | line_format `x` |= `b`; contains a",
        "| level=`error`; metadata level in error",
        "| level!=``; metadata level there",
        "| level=``; nothing",
        "| level!=`error`; nothing",
        "| json | level=`error`; JSON level in error",
        "| logfmt --strict | level=~`error|warn`; LOGFMT level in error/warn",
        "| logfmt | level=~`err.*`; nothing",
        "| logfmt | level=`a` or level=`b`; LOGFMT level in a/b",
        "| logfmt | level=`a` or x=`b`; nothing",
        "| json | status>=500; JSON status 500.0 to Infinity",
        "| json | status=200; JSON status 200.0 to 200.0",
        "| json | status<3 and level=`a`; JSON status -Infinity to 2.9999999999999996,"
            + " JSON level in a",
        "| json | status!=3; nothing",
        "| json | took>1s | size>1KB; nothing",
        "| json | drop x | level=`a`; JSON level in a",
        "| json | label_format level=lvl | level=`a`; nothing",
        "| label_format x=y | json | level=`a`; nothing",
        "| json | logfmt | level=`a`; nothing",
        "| json level | level=`a`; nothing",
        "| unpack | json | level=`a`; nothing",
        "| decolorize | json | level=`a`; nothing",
        "| logfmt --keep-empty | level=`a` | status>=500; LOGFMT level in a",
        "| json | level_extracted=`a`; nothing",
        "| json | __error__=`a`; nothing",
        "| trace=`x` | json | level=`a`; metadata trace in x, JSON level in a",
      })
  void saysWhatIsCertain(String stages, String expected) throws Exception {
    LogExpr log = (LogExpr) LogqlQuery.parse("{a=\"b\"} " + stages).expr();
    String found =
        Conditions.of(log.stages()).stream()
            .map(ConditionsTest::text)
            .collect(Collectors.joining(", "));
    assertThat(found).isEqualTo(expected == null ? "" : expected);
  }

  private static String text(EntryCondition condition) {
    return switch (condition) {
      case LineContains(List<byte[]> anyOf) ->
          anyOf.stream()
              .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
              .collect(Collectors.joining("/", "contains ", ""));
      case Field(Syntax syntax, String name, Value value) ->
          syntax + " " + name + " " + text(value);
      case Metadata(String name, Value value) -> "metadata " + name + " " + text(value);
    };
  }

  private static String text(Value value) {
    return switch (value) {
      case Value.Between(double least, double greatest) -> least + " to " + greatest;
      case Value.OneOf(List<String> texts) -> "in " + String.join("/", texts);
      case Value.Present() -> "there";
    };
  }
}
