// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.memory;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes by owner below one limit. Thread-safe. */
public final class MemoryBudget {

  private final long limitBytes;
  private final AtomicLong used = new AtomicLong();
  private final Map<String, AtomicLong> owners = new ConcurrentSkipListMap<>();

  public MemoryBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /**
   * Charges the bytes to the owner, or charges nothing and says false when the limit would be
   * passed.
   */
  public boolean tryReserve(String owner, long bytes) {
    long now = used.addAndGet(bytes);
    if (bytes > 0 && now > limitBytes) {
      used.addAndGet(-bytes);
      return false;
    }
    owners.computeIfAbsent(owner, name -> new AtomicLong()).addAndGet(bytes);
    return true;
  }

  /**
   * Charges even past the limit, for what can no longer be refused; pressure then shows in {@link
   * #usedBytes}.
   */
  public void reserve(String owner, long bytes) {
    used.addAndGet(bytes);
    owners.computeIfAbsent(owner, name -> new AtomicLong()).addAndGet(bytes);
  }

  public void release(String owner, long bytes) {
    reserve(owner, -bytes);
  }

  public long limitBytes() {
    return limitBytes;
  }

  public long usedBytes() {
    return used.get();
  }

  public long usedBytes(String owner) {
    AtomicLong bytes = owners.get(owner);
    return bytes == null ? 0 : bytes.get();
  }

  public Iterable<String> owners() {
    return owners.keySet();
  }
}
