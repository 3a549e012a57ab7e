// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any text is a rule file or refused with reasons. */
class RuleFileFuzzTest {

  @FuzzTest(maxDuration = "10s")
  void anyTextIsReadOrRefused(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    try {
      RuleFile file = new RuleFileParser(RuleFileOptions.DEFAULT).parse("fuzz", text);
      assertThat(file.groups()).isNotNull();
    } catch (RuleFileRefused e) {
      assertThat(e.problems()).isNotEmpty();
    }
    String problem = TemplateSyntax.problem("fuzz", text);
    assertThat(problem == null || problem.startsWith("error parsing template")).isTrue();
  }
}
