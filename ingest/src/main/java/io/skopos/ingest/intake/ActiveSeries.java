// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.BitSet;
import java.util.function.IntToLongFunction;

/**
 * Which series or streams a tenant sent lately, by hash: those of this window and of the one
 * before. Costs about 16 bytes for each; exists only where there is a limit. Thread-safe.
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
   * Takes a batch's series, beyond the limit only those it knows; marks the others in {@code bad}.
   *
   * @param hashes of each series, by its number
   */
  synchronized void admit(int count, IntToLongFunction hashes, BitSet bad, long limit, long nowMs) {
    rotate(nowMs);
    for (int series = 0; series < count; series++) {
      if (bad.get(series)) {
        continue;
      }
      long hash = hashes.applyAsLong(series);
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
