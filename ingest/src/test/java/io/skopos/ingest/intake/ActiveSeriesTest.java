// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import java.time.Duration;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class ActiveSeriesTest {

  @Test
  void countsDistinctSeriesAndLeavesOutNewOnesOverTheLimit() {
    ActiveSeries series = new ActiveSeries(1000, 0);
    assertThat(leftOut(series, 3, 0, "a", "b", "a")).isEmpty();
    assertThat(series.count()).isEqualTo(2);
    assertThat(leftOut(series, 3, 0, "c", "d", "a")).containsExactly(1);
    assertThat(series.count()).isEqualTo(3);
    assertThat(leftOut(series, 3, 0, "c", "c", "a")).isEmpty();
    assertThat(leftOut(series, 3, 0, "e")).containsExactly(0);
    assertThat(leftOut(series, 4, 0, "e")).as("a greater limit from now on").isEmpty();
    assertThat(leftOut(series, 1, 0, "a", "f")).as("a smaller one").containsExactly(1);
  }

  @Test
  void seriesNoLongerSentMakeRoomAfterTheWindow() {
    ActiveSeries series = new ActiveSeries(1000, 0);
    assertThat(leftOut(series, 2, 0, "a", "b")).isEmpty();
    assertThat(leftOut(series, 2, 1100, "c")).containsExactly(0);
    assertThat(leftOut(series, 2, 1100, "a")).isEmpty();
    assertThat(series.count()).isEqualTo(2);
    assertThat(leftOut(series, 2, 2200, "c")).isEmpty();
    assertThat(leftOut(series, 2, 2200, "d")).containsExactly(0);
    assertThat(leftOut(series, 2, 99_000, "d", "e")).isEmpty();
  }

  private static int[] leftOut(ActiveSeries series, long limit, long nowMs, String... names) {
    BitSet bad = new BitSet();
    SampleBatch batch = batch(names);
    series.admit(batch.seriesCount(), batch::hash, bad, limit, nowMs);
    return bad.stream().toArray();
  }

  @Test
  void theBucketLetsABigBatchThroughAndThenWorksOffTheDebt() {
    TokenBucket bucket = new TokenBucket(100, Duration.ofSeconds(1), 0);
    assertThat(bucket.take(300, 0)).isZero();
    assertThat(bucket.used(0)).isEqualTo(1);
    assertThat(bucket.take(1, 0)).isEqualTo(Duration.ofMillis(2010));
    assertThat(bucket.take(1, 2_020_000_000L)).isZero();
    assertThat(bucket.take(1, 2_021_000_000L)).isZero();
    assertThat(bucket.take(1, 2_022_000_000L)).isZero();
    assertThat(bucket.take(1, 2_022_000_000L)).isPositive();
    assertThat(bucket.used(60_000_000_000L)).isZero();
  }

  static SampleBatch batch(String... names) {
    SampleBatch batch = new SampleBatch();
    for (String name : names) {
      batch.series(Labels.of("__name__", name));
      batch.sample(1000, 1);
    }
    return batch;
  }
}
