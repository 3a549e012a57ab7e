// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Lets so many bytes pass per second, by keeping whoever takes more waiting. For one thread. */
final class BandwidthLimit {

  private final long bytesPerSecond;
  private long freeAtNanos = System.nanoTime();

  /**
   * @param bytesPerSecond 0 for no bound
   */
  BandwidthLimit(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  void take(int bytes) {
    if (bytesPerSecond == 0) {
      return;
    }
    long now = System.nanoTime();
    long waitNanos = freeAtNanos - now;
    freeAtNanos =
        Math.max(now, freeAtNanos)
            + (long) (bytes * (double) TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
    if (waitNanos > 0) {
      LockSupport.parkNanos(waitNanos);
    }
  }
}
