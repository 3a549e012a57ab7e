// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.metrics.language.ast.DurationResolution;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.InvalidDuration;
import io.skopos.metrics.language.print.PrettyPrinter;
import io.skopos.metrics.language.print.Printer;
import io.skopos.metrics.language.print.TreeDescription;
import java.nio.charset.StandardCharsets;

/**
 * Any text either parses, and then prints to a text that parses to the same, or is refused with a
 * position inside it. Normal builds run the inputs kept as resources; to search for new ones for
 * ten minutes: {@code JAZZER_FUZZ=1 mvn -pl metrics -am test -Dtest=PromqlParserFuzzTest
 * -Dsurefire.failIfNoSpecifiedTests=false} (the annotation's duration is the time).
 */
class PromqlParserFuzzTest {

  private static final PromqlParser PARSER = new PromqlParser(ParserOptions.ALL);

  @FuzzTest(maxDuration = "10m")
  void parsesAndPrintsOrExplains(FuzzedDataProvider data) {
    String query = data.consumeRemainingAsString();
    Expr expr;
    try {
      expr = PARSER.parse(query);
    } catch (ParseFailed failed) {
      int length = query.getBytes(StandardCharsets.UTF_8).length;
      assertThat(failed.errors()).isNotEmpty();
      assertThat(failed.errors())
          .allSatisfy(error -> assertThat(error.position().start()).isBetween(0, length));
      return;
    }
    String printed = Printer.print(expr);
    assertThat(Printer.print(reparse(printed))).isEqualTo(printed);
    assertThat(Printer.print(reparse(PrettyPrinter.print(expr)))).isEqualTo(printed);
    assertThat(TreeDescription.of(expr)).containsKey("type");
    resolve(expr);
  }

  private static Expr reparse(String printed) {
    try {
      return PARSER.parse(printed);
    } catch (ParseFailed failed) {
      throw new AssertionError("the printed text does not parse: " + printed, failed);
    }
  }

  private static void resolve(Expr expr) {
    try {
      new DurationResolution(15_000, 3_600_000).resolve(expr);
    } catch (InvalidDuration invalid) {
      assertThat(invalid).hasMessageMatching("\\d+:\\d+: .*");
    }
  }
}
