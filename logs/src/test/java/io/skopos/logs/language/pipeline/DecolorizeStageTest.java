// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.skopos.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DecolorizeStageTest {

  private static final Pattern SEQUENCE =
      Pattern.compile(
          "[\u001B\u009B][[\\]()#;?]*(?:(?:(?:[a-zA-Z\\d]*(?:;[a-zA-Z\\d]*)*)?\u0007)"
              + "|(?:(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PRZcf-ntqry=><~]))");

  @Test
  void takesOutWhatTheExpressionTakesOut() {
    SplittableRandom random = new SplittableRandom(9);
    String alphabet = "\u001b\u001b\u009b[[];;?#()0123456mKhlxAz\u0007 é";
    EntryState state = new EntryState();
    DecolorizeStage stage = new DecolorizeStage();
    for (int round = 0; round < 12_000; round++) {
      StringBuilder line = new StringBuilder();
      int length = random.nextInt(24);
      for (int i = 0; i < length; i++) {
        line.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
      state.reset(0, bytes, 0, bytes.length, Labels.EMPTY);
      assertThat(stage.process(state)).isTrue();
      assertThat(state.line())
          .as(line.toString().replace('\u001b', '^'))
          .isEqualTo(SEQUENCE.matcher(line).replaceAll(""));
    }
  }
}
