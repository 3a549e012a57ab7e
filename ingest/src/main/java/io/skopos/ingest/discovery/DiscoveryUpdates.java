// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what discoveries found to whoever uses it, on a thread of its own. Changes that come
 * together are taken together, and it rests ten times as long as it worked, so that a cluster in
 * turmoil does not keep a core busy.
 */
public final class DiscoveryUpdates implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DiscoveryUpdates.class);

  private static final long GATHER_MS = 50;
  private static final long LONGEST_REST_MS = 5000;

  private final Runnable update;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private final Thread thread;
  private boolean due;
  private volatile boolean closed;

  public DiscoveryUpdates(Runnable update) {
    this.update = update;
    this.thread = Thread.ofPlatform().daemon().name("discovery-updates").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Something changed; returns at once. */
  public void wake() {
    lock.lock();
    try {
      due = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    long restMs = GATHER_MS;
    try {
      while (!closed) {
        awaitWake();
        TimeUnit.MILLISECONDS.sleep(restMs);
        long begun = System.nanoTime();
        update();
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        restMs = Math.clamp(10 * tookMs, GATHER_MS, LONGEST_REST_MS);
      }
    } catch (InterruptedException e) {
      if (!closed) {
        log.error("what discoveries find is not taken any more", e);
      }
    }
  }

  private void awaitWake() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!due) {
        woken.await();
      }
      due = false;
    } finally {
      lock.unlock();
    }
  }

  private void update() {
    try {
      update.run();
    } catch (RuntimeException e) {
      log.error("taking what discoveries found failed by a defect", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
