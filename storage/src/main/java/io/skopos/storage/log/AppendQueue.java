// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Appends waiting for the disk, bounded in bytes. Bytes count from {@link #offer} until {@link
 * #done}, so that the group being written is inside the bound. Thread-safe; one taker.
 *
 * <p>Writers that wait for each answer before they send again would split into halves that take
 * turns, with a sync for each. So the taker waits a moment for as many as seem to be there: those
 * of the last group and those that came meanwhile.
 */
final class AppendQueue {

  /** How an offer ended. */
  enum Offer {
    TAKEN,
    FULL,
    CLOSED
  }

  private static final long GATHER_NANOS = 1_000_000;

  private final long limitBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition roomOrClosed = lock.newCondition();
  private final Condition workOrClosed = lock.newCondition();
  private final ArrayDeque<AppendRequest> waiting = new ArrayDeque<>();
  private long bytes;
  private boolean closed;
  private boolean stirred;

  /** So many have to wait before the taker is woken. */
  private int wanted = 1;

  private int lastGroup;

  AppendQueue(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Waits for room. What is larger than the bound is taken when nothing else is there. */
  Offer offer(AppendRequest request, Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (!closed && bytes != 0 && bytes + request.bytes() > limitBytes) {
        if (nanos <= 0) {
          return Offer.FULL;
        }
        nanos = roomOrClosed.awaitNanos(nanos);
      }
      if (closed) {
        return Offer.CLOSED;
      }
      bytes += request.bytes();
      waiting.add(request);
      if (waiting.size() >= wanted) {
        workOrClosed.signal();
      }
      return Offer.TAKEN;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The appends waiting, up to {@code groupBytes} (at least one); empty after {@code patience},
   * when stirred or when closed.
   */
  List<AppendRequest> take(long groupBytes, Duration patience) {
    long nanos = patience.toNanos();
    List<AppendRequest> group = new ArrayList<>();
    lock.lock();
    try {
      int writers = lastGroup + waiting.size();
      while (waiting.isEmpty() && !closed && !stirred && nanos > 0) {
        nanos = awaitWork(nanos);
      }
      if (!waiting.isEmpty()) {
        gather(writers, groupBytes);
      }
      stirred = false;
      long taken = 0;
      while (!waiting.isEmpty()
          && (group.isEmpty() || taken + waiting.element().bytes() <= groupBytes)) {
        AppendRequest request = waiting.remove();
        taken += request.bytes();
        group.add(request);
      }
      lastGroup = group.size();
      return group;
    } finally {
      lock.unlock();
    }
  }

  private void gather(int writers, long groupBytes) {
    wanted = writers;
    long nanos = GATHER_NANOS;
    while (waiting.size() < writers && bytes < groupBytes && !closed && !stirred && nanos > 0) {
      nanos = awaitWork(nanos);
    }
    wanted = 1;
  }

  private long awaitWork(long nanos) {
    try {
      return workOrClosed.awaitNanos(nanos);
    } catch (InterruptedException e) {
      // The log's thread ends by close() only; an interrupt has no meaning for it.
      return 0;
    }
  }

  /** The group is durable or refused: its bytes are free again. */
  void done(List<AppendRequest> group) {
    long freed = 0;
    for (AppendRequest request : group) {
      freed += request.bytes();
    }
    lock.lock();
    try {
      bytes -= freed;
      roomOrClosed.signalAll();
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

  /** Lets {@link #take} return at once, though nothing may wait. */
  void stir() {
    lock.lock();
    try {
      stirred = true;
      workOrClosed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is taken in any more; what waits can still be taken out. */
  void close() {
    lock.lock();
    try {
      closed = true;
      roomOrClosed.signalAll();
      workOrClosed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Closed and empty. */
  boolean ended() {
    lock.lock();
    try {
      return closed && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
