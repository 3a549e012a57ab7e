// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import io.skopos.metrics.store.SampleBatch;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.BitSet;

/**
 * Which series a tenant sent lately, by hash: the series of this window and of the one before.
 * Costs about 16 bytes for each; exists only where there is a limit. Thread-safe.
 */
final class ActiveSeries {

  private final long windowMs;
  private LongOpenHashSet current = new LongOpenHashSet();
  private LongOpenHashSet before = new LongOpenHashSet();
  private long windowStartMs;

  ActiveSeries(long windowMs, long nowMs) {
    this.windowMs = windowMs;
    this.windowStartMs = nowMs;
  }

  /**
   * Takes the batch's series, beyond the limit only those it knows; marks the others in {@code
   * bad}.
   */
  synchronized void admit(SampleBatch batch, BitSet bad, long limit, long nowMs) {
    rotate(nowMs);
    for (int series = 0; series < batch.seriesCount(); series++) {
      if (bad.get(series)) {
        continue;
      }
      long hash = batch.hash(series);
      if (current.contains(hash)) {
        continue;
      }
      if (before.remove(hash) || count() < limit) {
        current.add(hash);
      } else {
        bad.set(series);
      }
    }
  }

  /** How many series count now. */
  synchronized long count() {
    return (long) current.size() + before.size();
  }

  private void rotate(long nowMs) {
    if (nowMs - windowStartMs < windowMs) {
      return;
    }
    boolean bothOver = nowMs - windowStartMs >= 2 * windowMs;
    before = bothOver ? new LongOpenHashSet() : current;
    current = new LongOpenHashSet();
    windowStartMs = nowMs;
  }
}
