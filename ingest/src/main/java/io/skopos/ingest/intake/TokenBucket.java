// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import java.time.Duration;

/**
 * A rate with bursts. Whoever comes while something is left takes all it needs, even more than is
 * left, so that a batch larger than the burst is not refused for ever; the debt is worked off
 * before the next one. Thread-safe.
 */
final class TokenBucket {

  private final double perNano;
  private final double capacity;
  private double tokens;
  private long lastNanos;

  TokenBucket(long perSecond, Duration burst, long nowNanos) {
    this.perNano = perSecond / 1e9;
    this.capacity = Math.max(1, perSecond * (burst.toNanos() / 1e9));
    this.tokens = capacity;
    this.lastNanos = nowNanos;
  }

  /** Zero when taken, else how long to wait until something is left again. */
  synchronized Duration take(long count, long nowNanos) {
    refill(nowNanos);
    if (tokens > 0) {
      tokens -= count;
      return Duration.ZERO;
    }
    return Duration.ofNanos((long) Math.ceil((1 - tokens) / perNano));
  }

  /** From 0 (all of the burst is left) to 1 (none is). */
  synchronized double used(long nowNanos) {
    refill(nowNanos);
    return Math.clamp(1 - tokens / capacity, 0, 1);
  }

  private void refill(long nowNanos) {
    // A clock that is set back gives nothing and takes nothing.
    tokens = Math.min(capacity, tokens + Math.max(0, nowNanos - lastNanos) * perNano);
    lastNanos = nowNanos;
  }
}
