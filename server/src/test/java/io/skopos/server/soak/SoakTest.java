// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No question, and no number of them, ends the server or keeps it from answering others. */
class SoakTest {

  @Test
  void theServerSurvivesQuestionsThatAskForTooMuch(@TempDir Path work) throws Exception {
    long seconds = Long.getLong("skopos.soak.seconds", 15);
    SoakHarness.Report report =
        new SoakHarness(work, SoakHarness.Load.SMALL, Duration.ofSeconds(seconds)).run();
    System.out.println(report);
    assertThat(report.samplesWritten()).isPositive();
    assertThat(report.ordinaryAnswers()).isPositive();
  }
}
