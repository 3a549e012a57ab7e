// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.blocks;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Lets so many bytes pass per second, by keeping whoever takes more waiting. Thread-safe. */
public final class BandwidthLimit {

  public static final BandwidthLimit NONE = new BandwidthLimit(0);

  private final long bytesPerSecond;
  private long freeAtNanos = System.nanoTime();

  /**
   * @param bytesPerSecond 0 for no bound
   */
  public BandwidthLimit(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Waits until what was taken before has passed; an interrupt ends the waiting. */
  public void take(long bytes) {
    if (bytesPerSecond == 0) {
      return;
    }
    long waitNanos;
    synchronized (this) {
      long now = System.nanoTime();
      waitNanos = freeAtNanos - now;
      freeAtNanos =
          Math.max(now, freeAtNanos)
              + (long) (bytes * (double) TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
    }
    if (waitNanos > 0) {
      LockSupport.parkNanos(waitNanos);
    }
  }
}
