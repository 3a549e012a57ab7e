// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.server.bucket.FaultyBucket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing acknowledged is lost or doubled when the server is killed at any moment. */
class CrashTest {

  @Test
  void everyAcknowledgedSampleSurvivesKills(@TempDir Path work) throws Exception {
    long seed = Long.getLong("skopos.crash.seed", System.nanoTime());
    int rounds = Integer.getInteger("skopos.crash.rounds", 12);
    CrashHarness.Report report = new CrashHarness(work, seed, null).run(rounds);
    System.out.println(report);
    assertThat(report.samplesAcknowledged()).isGreaterThan(1000);
    assertThat(report.linesAcknowledged()).isGreaterThan(1000);
  }

  @Test
  void norWithAFailingBucketBelow(@TempDir Path work) throws Exception {
    long seed = Long.getLong("skopos.crash.seed", System.nanoTime());
    int rounds = Integer.getInteger("skopos.crash.rounds", 6);
    try (FaultyBucket bucket = FaultyBucket.start()) {
      CrashHarness.Report report = new CrashHarness(work, seed, bucket).run(rounds);
      System.out.println(report);
      assertThat(report.samplesAcknowledged()).isGreaterThan(1000);
      assertThat(report.linesAcknowledged()).isGreaterThan(1000);
    }
  }
}
