// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The heap that all queries may take together, for samples, labels and texts, from their beginning
 * until their answers are on the wire. Without it, a few queries within their own limits could end
 * the process. When it is used up the query that holds most is stopped, so that small ones go on;
 * and the one that asks, when it is that query or when it cannot wait for that. Thread-safe.
 */
public final class QueryMemory {

  /** A value, the copy while its block grows, and what becomes of it in the next step. */
  static final int BYTES_PER_SAMPLE = 32;

  /** Of a step without a sample: the same but for what becomes of it. */
  static final int BYTES_PER_ABSENT = 24;

  private final long limitBytes;
  private final AtomicLong held = new AtomicLong();
  private final Set<QueryBudget> holders = ConcurrentHashMap.newKeySet();

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
    return held.get();
  }

  /** False when the asking query must stop; the bytes count as held all the same. */
  boolean hold(QueryBudget asking, long bytes) {
    long now = held.addAndGet(bytes);
    if (limitBytes == 0 || bytes <= 0 || now <= limitBytes) {
      return true;
    }
    QueryBudget largest = asking;
    for (QueryBudget holder : holders) {
      largest = holder.heldBytes() > largest.heldBytes() ? holder : largest;
    }
    if (largest == asking) {
      return false;
    }
    largest.stopForMemory();
    // It ends within moments; an eighth more until then.
    return now <= limitBytes + limitBytes / 8;
  }

  void release(long bytes) {
    held.addAndGet(-bytes);
  }

  void begin(QueryBudget holder) {
    if (limitBytes != 0) {
      holders.add(holder);
    }
  }

  void end(QueryBudget holder) {
    holders.remove(holder);
  }
}
