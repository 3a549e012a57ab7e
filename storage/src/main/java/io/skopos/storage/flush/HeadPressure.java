// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.flush;

import io.skopos.storage.SignalStore;
import java.util.List;

/**
 * The heads' memory against what they may use. Asked on every write, so the sum is taken at most
 * every few milliseconds: a lagging view. Thread-safe.
 */
public final class HeadPressure {

  private static final long REFRESH_NANOS = 5_000_000;

  private final List<SignalStore> stores;
  private final long limitBytes;
  private volatile long lookedAt = System.nanoTime() - REFRESH_NANOS;
  private volatile long bytes;

  public HeadPressure(List<SignalStore> stores, long limitBytes) {
    this.stores = stores;
    this.limitBytes = limitBytes;
  }

  public long limitBytes() {
    return limitBytes;
  }

  public long bytes() {
    long now = System.nanoTime();
    if (now - lookedAt >= REFRESH_NANOS) {
      lookedAt = now;
      long sum = 0;
      for (SignalStore store : stores) {
        sum += store.headBytes();
      }
      bytes = sum;
    }
    return bytes;
  }

  /** Half is used: the other half is for what comes in while the first is being written. */
  public boolean asksForFlush() {
    return bytes() >= limitBytes / 2;
  }

  public boolean isExhausted() {
    return bytes() >= limitBytes;
  }
}
