// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import java.time.Duration;

/**
 * Until when this thread's request must be answered, body included. It stands in a scoped value,
 * because a provider's client lies between who sets it and the connection.
 */
public final class RequestDeadline {

  private static final ScopedValue<Long> NANOS = ScopedValue.newInstance();

  private RequestDeadline() {}

  /** Makes the call with a deadline from now. */
  static <T, X extends Throwable> T within(
      Duration time, ScopedValue.CallableOp<? extends T, X> call) throws X {
    return ScopedValue.where(NANOS, System.nanoTime() + time.toNanos()).call(call);
  }

  /** Time left, at least a millisecond; {@code otherwise} where nobody set a deadline. */
  public static Duration left(Duration otherwise) {
    if (!NANOS.isBound()) {
      return otherwise;
    }
    return Duration.ofNanos(Math.max(1_000_000, NANOS.get() - System.nanoTime()));
  }
}
