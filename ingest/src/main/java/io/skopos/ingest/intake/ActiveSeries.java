// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import io.skopos.metrics.store.SampleBatch;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;

/**
 * Which series a tenant sent lately, by hash: the series of this window and of the one before.
 * Costs about 16 bytes for each; exists only where there is a limit. Thread-safe.
 */
final class ActiveSeries {

  private final long limit;
  private final long windowMs;
  private LongOpenHashSet current = new LongOpenHashSet();
  private LongOpenHashSet before = new LongOpenHashSet();
  private long windowStartMs;

  ActiveSeries(long limit, long windowMs, long nowMs) {
    this.limit = limit;
    this.windowMs = windowMs;
    this.windowStartMs = nowMs;
  }

  /** Takes the batch's series; false, and none of them new, when that would go over the limit. */
  synchronized boolean admit(SampleBatch batch, long nowMs) {
    rotate(nowMs);
    if (count() + added(batch) > limit) {
      return false;
    }
    for (int series = 0; series < batch.seriesCount(); series++) {
      long hash = batch.hash(series);
      if (current.add(hash)) {
        before.remove(hash);
      }
    }
    return true;
  }

  /** How many series count now. */
  synchronized long count() {
    return (long) current.size() + before.size();
  }

  private long added(SampleBatch batch) {
    if (count() + batch.seriesCount() <= limit) {
      return 0;
    }
    LongOpenHashSet unknown = new LongOpenHashSet();
    for (int series = 0; series < batch.seriesCount(); series++) {
      long hash = batch.hash(series);
      if (!current.contains(hash) && !before.contains(hash)) {
        unknown.add(hash);
      }
    }
    return unknown.size();
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
