// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.logs.language.pipeline.template.Template;
import io.skopos.logs.language.pipeline.template.TemplateFailed;
import io.skopos.model.Labels;
import java.util.List;

/**
 * No line makes a parser fail, no template does more than write, fail or be refused. Normal builds
 * run the inputs kept as resources.
 */
class PipelineFuzzTest {

  private static final List<Stage> PARSERS =
      List.of(
          new JsonStage(),
          new JsonExpressionStage(
              List.of(new Extraction("x", "a.b[1]"), new Extraction("y", "[0]"))),
          new LogfmtStage(true, true),
          new LogfmtStage(false, false),
          new LogfmtExpressionStage(true, false, List.of(new Extraction("x", "a"))),
          new RegexpStage("(?P<first>\\w+) (?P<rest>.*)"),
          new PatternStage("<ip> - <_> \"<m> <path> <_>\" <status>"),
          new UnpackStage(),
          new DecolorizeStage());

  @FuzzTest(maxDuration = "5m")
  void parsersTakeAnyLine(FuzzedDataProvider data) {
    byte[] line = data.consumeRemainingAsBytes();
    EntryState state = new EntryState();
    state.stream(Labels.of("a", "1", "x", "2"));
    for (Stage parser : PARSERS) {
      state.reset(0, line, 0, line.length, Labels.of("m", "1"));
      assertThat(parser.process(state)).isTrue();
      assertThat(state.labels().get("a")).isEqualTo("1");
    }
  }

  @FuzzTest(maxDuration = "5m")
  void templatesWriteOrExplain(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    EntryState state = new EntryState();
    state.stream(Labels.of("a", "1"));
    state.reset(0, new byte[0], 0, 0, Labels.EMPTY);
    try {
      assertThat(Template.parse("line", text).run(new StateData(state))).isNotNull();
    } catch (TemplateFailed e) {
      assertThat(e.getMessage()).startsWith("template: line");
    }
  }
}
