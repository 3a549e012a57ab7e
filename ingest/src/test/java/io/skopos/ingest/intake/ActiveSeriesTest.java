// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ActiveSeriesTest {

  @Test
  void countsDistinctSeriesAndRefusesNewOnesOverTheLimit() {
    ActiveSeries series = new ActiveSeries(3, 1000, 0);
    assertThat(series.admit(batch("a", "b", "a"), 0)).isTrue();
    assertThat(series.count()).isEqualTo(2);
    assertThat(series.admit(batch("c", "d"), 0)).isFalse();
    assertThat(series.count()).isEqualTo(2);
    assertThat(series.admit(batch("c", "c", "a"), 0)).isTrue();
    assertThat(series.admit(batch("a", "b", "c"), 0)).isTrue();
    assertThat(series.admit(batch("e"), 0)).isFalse();
  }

  @Test
  void seriesNoLongerSentMakeRoomAfterTheWindow() {
    ActiveSeries series = new ActiveSeries(2, 1000, 0);
    series.admit(batch("a", "b"), 0);
    assertThat(series.admit(batch("c"), 1100)).isFalse();
    assertThat(series.admit(batch("a"), 1100)).isTrue();
    assertThat(series.count()).isEqualTo(2);
    assertThat(series.admit(batch("c"), 2200)).isTrue();
    assertThat(series.admit(batch("d"), 2200)).isFalse();
    assertThat(series.admit(batch("d", "e"), 99_000)).isTrue();
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
