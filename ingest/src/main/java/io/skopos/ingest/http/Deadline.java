// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.time.Duration;

/** Until when an exchange must be over. */
public final class Deadline {

  private final long endNanos;
  private final Duration allowed;

  private Deadline(Duration allowed) {
    this.allowed = allowed;
    this.endNanos = System.nanoTime() + allowed.toNanos();
  }

  public static Deadline in(Duration allowed) {
    return new Deadline(allowed);
  }

  long remainingNanos() {
    return endNanos - System.nanoTime();
  }

  boolean passed() {
    return remainingNanos() <= 0;
  }

  FetchFailure failure(Throwable cause) {
    return new FetchFailure(
        "no complete answer within the timeout of " + allowed.toMillis() + " ms", cause);
  }
}
