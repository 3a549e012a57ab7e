// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.TenantId;
import io.skopos.storage.Sharding;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The {@link LabelBlock}s of late, by their first series. Bounded in bytes: when there are more,
 * those not found lately go. Any thread may use it.
 */
public final class LabelBlocks {

  /** Two places for each hash. */
  private static final int WAYS = 2;

  private static final int SLOTS = 1 << 16;

  /**
   * So often a longer block may be missed before a shorter one with the same first series goes in.
   */
  private static final int PATIENCE = 2;

  private final AtomicReferenceArray<@Nullable LabelBlock> slots =
      new AtomicReferenceArray<>(SLOTS);

  /** Which runs of series came once already. Races cost a block's being made later, or sooner. */
  private final long[] seen = new long[SLOTS / 2];

  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger hand = new AtomicInteger();
  private final LongAdder found = new LongAdder();
  private final LongAdder made = new LongAdder();
  private final long maxBytes;

  LabelBlocks(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** The block that the batch's series from here on are; null when none is known. */
  @Nullable LabelBlock find(SampleBatch batch, int from, TenantId tenant, Sharding sharding) {
    long hash = batch.hash(from);
    int slot = slot(hash);
    for (int way = 0; way < WAYS; way++) {
      LabelBlock block = slots.getAcquire(slot + way);
      if (block != null && block.firstHash() == hash) {
        if (block.isAt(batch, from, tenant, sharding)) {
          if (!block.used) {
            block.used = true;
          }
          if (block.missed != 0) {
            block.missed = 0;
          }
          found.increment();
          return block;
        }
        block.missed++;
      }
    }
    return null;
  }

  /** Whether just these series came before; says so, too, when that is asked the next time. */
  boolean cameBefore(SampleBatch batch, int from, int to, TenantId tenant) {
    long key =
        batch.hash(from)
            ^ Long.rotateLeft(batch.hash(to - 1), 21)
            ^ (long) LabelBlock.checksum(batch, from, to) << 32
            ^ to - from
            ^ (long) tenant.hashCode() << 16;
    int at = (int) (key >>> 40) & seen.length - 1;
    if (seen[at] == key) {
      return true;
    }
    seen[at] = key;
    return false;
  }

  void add(LabelBlock block) {
    int slot = slot(block.firstHash());
    int into = -1;
    for (int way = 0; way < WAYS; way++) {
      LabelBlock old = slots.getAcquire(slot + way);
      if (old != null && old.firstHash() == block.firstHash()) {
        if (old.missed <= PATIENCE && old.size() > block.size() && old.beginsWith(block)) {
          return;
        }
        into = slot + way;
        break;
      }
      if (into < 0 && (old == null || !old.used)) {
        into = slot + way;
      }
    }
    put(into < 0 ? slot : into, block);
    made.increment();
    drop();
  }

  private void put(int slot, @Nullable LabelBlock block) {
    LabelBlock old = slots.getAndSet(slot, block);
    bytes.addAndGet((block == null ? 0 : block.heapBytes()) - (old == null ? 0 : old.heapBytes()));
  }

  private void drop() {
    for (int i = 0; i < 2 * SLOTS && bytes.get() > maxBytes; i++) {
      int slot = hand.getAndIncrement() & SLOTS - 1;
      LabelBlock block = slots.getAcquire(slot);
      if (block == null) {
        continue;
      }
      if (block.used) {
        block.used = false;
      } else {
        put(slot, null);
      }
    }
  }

  private static int slot(long hash) {
    return (int) (hash >>> 20) & SLOTS - WAYS;
  }

  public long bytes() {
    return bytes.get();
  }

  public long found() {
    return found.sum();
  }

  public long made() {
    return made.sum();
  }
}
