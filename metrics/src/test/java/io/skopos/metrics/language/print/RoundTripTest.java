// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.print;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.parse.ParseCase;
import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.metrics.language.parse.ParserOptions;
import io.skopos.metrics.language.parse.PromqlParser;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whatever the peers' cases hold: printed in either form, it parses to the same tree again. */
class RoundTripTest {

  private final PromqlParser parser = new PromqlParser(ParserOptions.ALL);

  @TestFactory
  Stream<DynamicTest> printedTextsParseToTheSame() throws IOException {
    return ParseCase.all().stream()
        .filter(each -> each.errors().isEmpty())
        .map(each -> DynamicTest.dynamicTest(each.input(), () -> check(each.input())));
  }

  private void check(String query) throws ParseFailed {
    Expr expr = parser.parse(query);
    String printed = Printer.print(expr);
    Expr again = parser.parse(printed);
    assertThat(Printer.print(again)).isEqualTo(printed);
    assertThat(describe(again)).isEqualTo(describe(expr));
    Expr pretty = parser.parse(PrettyPrinter.print(expr));
    assertThat(describe(pretty)).isEqualTo(describe(expr));
  }

  private static Object describe(Expr expr) {
    return withSortedMatchers(TreeDescription.of(expr));
  }

  /** Matchers are printed in order, whatever their order was. */
  private static Object withSortedMatchers(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, inner) ->
            sorted.put(String.valueOf(key), inner == null ? "null" : withSortedMatchers(inner)));
        yield sorted;
      }
      case List<?> list -> {
        boolean matchers =
            !list.isEmpty() && list.getFirst() instanceof Map<?, ?> map && map.containsKey("value");
        Stream<Object> inner = list.stream().map(RoundTripTest::withSortedMatchers);
        yield (matchers ? inner.sorted(Comparator.comparing(Object::toString)) : inner).toList();
      }
      default -> value;
    };
  }
}
