// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.shard;

import io.skopos.storage.Positions;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Up to where each shard's frames are in the heads, and who waits for more. Thread-safe. */
final class AppliedPositions {

  private final Shard[] shards;
  private final Executor acknowledger;

  /**
   * @param acknowledger runs what depends on a completed wait, so that it cannot hold up a shard
   */
  AppliedPositions(long[] initial, Executor acknowledger) {
    this.shards = new Shard[initial.length];
    for (int i = 0; i < initial.length; i++) {
      shards[i] = new Shard(initial[i]);
    }
    this.acknowledger = acknowledger;
  }

  private record Waiter(long position, AtomicInteger missing, CompletableFuture<Void> applied) {}

  private static final class Shard {
    final ReentrantLock lock = new ReentrantLock();
    final PriorityQueue<Waiter> waiters =
        new PriorityQueue<>(Comparator.comparingLong(Waiter::position));
    long applied;

    Shard(long applied) {
      this.applied = applied;
    }
  }

  /** Completes when every frame at these positions (and those before it) is applied. */
  CompletableFuture<Void> when(Positions positions) {
    CompletableFuture<Void> applied = new CompletableFuture<>();
    AtomicInteger missing = new AtomicInteger(positions.size());
    for (int i = 0; i < positions.size(); i++) {
      Shard shard = shards[positions.shard(i)];
      Waiter waiter = new Waiter(positions.position(i), missing, applied);
      boolean already;
      shard.lock.lock();
      try {
        already = shard.applied >= waiter.position();
        if (!already) {
          shard.waiters.add(waiter);
        }
      } finally {
        shard.lock.unlock();
      }
      if (already) {
        satisfied(waiter);
      }
    }
    return applied;
  }

  void advance(int index, long position) {
    Shard shard = shards[index];
    while (true) {
      Waiter waiter;
      shard.lock.lock();
      try {
        shard.applied = Math.max(shard.applied, position);
        @Nullable Waiter first = shard.waiters.peek();
        if (first == null || first.position() > shard.applied) {
          return;
        }
        waiter = shard.waiters.remove();
      } finally {
        shard.lock.unlock();
      }
      satisfied(waiter);
    }
  }

  long applied(int index) {
    Shard shard = shards[index];
    shard.lock.lock();
    try {
      return shard.applied;
    } finally {
      shard.lock.unlock();
    }
  }

  private void satisfied(Waiter waiter) {
    if (waiter.missing().decrementAndGet() == 0) {
      acknowledger.execute(() -> waiter.applied().complete(null));
    }
  }
}
