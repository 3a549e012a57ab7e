// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.head;

import io.skopos.storage.memory.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;

/** What all heads hold, as charged to the budget. Thread-safe. */
public final class HeadMemory {

  static final String OWNER = "logs.heads";

  private final MemoryBudget budget;
  private final AtomicLong bytes = new AtomicLong();

  public HeadMemory(MemoryBudget budget) {
    this.budget = budget;
  }

  void charge(long more) {
    bytes.addAndGet(more);
    budget.reserve(OWNER, more);
  }

  public long bytes() {
    return bytes.get();
  }
}
