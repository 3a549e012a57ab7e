// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The heap that the samples of all running queries may take together. A query that would go over it
 * is stopped; without it, a few queries within their own limits could end the process. Thread-safe.
 */
public final class QueryMemory {

  /** A value, the copy while its block grows, and what becomes of it in the next step. */
  private static final int BYTES_PER_SAMPLE = 32;

  private final long limitBytes;
  private final AtomicLong samples = new AtomicLong();

  /**
   * @param limitBytes 0 for no limit
   */
  public QueryMemory(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Half of what this process may have of heap. */
  public static QueryMemory ofThisProcess() {
    return new QueryMemory(Runtime.getRuntime().maxMemory() / 2);
  }

  public long limitBytes() {
    return limitBytes;
  }

  public long heldBytes() {
    return samples.get() * BYTES_PER_SAMPLE;
  }

  /** False when that is more than there is room for; it counts as held all the same. */
  boolean hold(long count) {
    long now = samples.addAndGet(count);
    return limitBytes == 0 || count <= 0 || now * BYTES_PER_SAMPLE <= limitBytes;
  }
}
