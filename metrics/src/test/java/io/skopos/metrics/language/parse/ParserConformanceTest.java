// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Prometheus' own cases: roots of trees, error texts, positions, and their order. */
class ParserConformanceTest {

  private final PromqlParser parser = new PromqlParser(ParserOptions.ALL);

  @TestFactory
  Stream<DynamicTest> agreesWithThePeer() throws IOException {
    return ParseCase.all().stream()
        .map(each -> DynamicTest.dynamicTest(each.input(), () -> check(each)));
  }

  private void check(ParseCase expected) throws ParseFailed {
    if (expected.errors().isEmpty()) {
      String root = parser.parse(expected.input()).getClass().getSimpleName();
      assertThat(root + "Expr").startsWith(expected.rootNode());
      return;
    }
    assertThatThrownBy(() -> parser.parse(expected.input()))
        .isInstanceOfSatisfying(
            ParseFailed.class, failed -> compare(list(failed.errors()), expected.errors()));
  }

  /** The peers' list leaves out errors behind the first that begin at offset 0. */
  private static void compare(List<String> actual, List<String> expected) {
    assertThat(actual.getFirst()).isEqualTo(expected.getFirst());
    assertThat(actual).containsSubsequence(expected);
    assertThat(actual)
        .allSatisfy(
            error -> assertThat(expected.contains(error) || error.startsWith("0-")).isTrue());
  }

  private static List<String> list(List<ParseError> errors) {
    return errors.stream()
        .map(error ->
            error.position().start() + "-" + error.position().end() + " " + error.message())
        .toList();
  }
}
