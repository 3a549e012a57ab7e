// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.shard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tasks of one writer's shards, bounded in bytes; what is being worked on counts until {@link
 * #done}. Thread-safe; one taker.
 */
final class ShardQueue {

  private final long limitBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition work = lock.newCondition();
  private ArrayDeque<ShardTask> waiting = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  ShardQueue(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Waits for room; a task larger than the bound goes in when nothing else is there. */
  void put(ShardTask task) {
    lock.lock();
    try {
      while (bytes != 0 && bytes + task.bytes() > limitBytes && task.bytes() != 0) {
        room.awaitUninterruptibly();
      }
      if (closed) {
        throw new IllegalStateException("the shard's writer has ended");
      }
      bytes += task.bytes();
      waiting.add(task);
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** All that waits; empty only when closed. */
  List<ShardTask> takeAll() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        work.awaitUninterruptibly();
      }
      List<ShardTask> taken = new ArrayList<>(waiting);
      waiting = new ArrayDeque<>();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  void done(ShardTask task) {
    lock.lock();
    try {
      bytes -= task.bytes();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** What waits is still worked off. */
  void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
