// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

  private static final long HOUR = Duration.ofHours(1).toNanos();
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void aClockThatJumpsNeitherLocksOutNorGivesMoreThanTheBurst() {
    TokenBucket bucket = new TokenBucket(100, Duration.ofSeconds(2), 10 * HOUR);
    assertThat(bucket.take(150, 10 * HOUR)).isZero();
    assertThat(bucket.take(100, 5 * HOUR)).as("set back by hours").isZero();
    Duration wait = bucket.take(1, 5 * HOUR);
    assertThat(wait).isPositive().isLessThan(Duration.ofSeconds(1));
    assertThat(bucket.take(1, 5 * HOUR + SECOND)).isZero();
    assertThat(bucket.take(200, 50 * HOUR)).as("set forth by days").isZero();
    assertThat(bucket.take(1, 50 * HOUR)).as("no more than the burst").isPositive();
  }
}
