// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a small process small. The serial and the parallel collector let the old generation grow up
 * to the heap's bound before they look into it, which may be gigabytes for megabytes that live.
 * This one has it collected when it has grown to twice of what lived last time and a little more.
 * Large heaps are left to their collector, as a collection takes long there.
 */
final class OldGarbage implements AutoCloseable {

  private static final long MEBIBYTE = 1 << 20;
  private static final long LARGE_BYTES = 256 * MEBIBYTE;
  private static final long ALLOWANCE_BYTES = 24 * MEBIBYTE;
  private static final long LOOK_EVERY_SECONDS = 5;

  private final CountDownLatch closed = new CountDownLatch(1);
  private long liveBytes;

  void start() {
    MemoryPoolMXBean old = oldGeneration();
    if (old != null) {
      liveBytes = old.getUsage().getUsed();
      Thread.ofPlatform().name("skopos-old-garbage").daemon(true).start(() -> run(old));
    }
  }

  private static @Nullable MemoryPoolMXBean oldGeneration() {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().equals("Tenured Gen") || pool.getName().equals("PS Old Gen")) {
        return pool;
      }
    }
    return null;
  }

  private void run(MemoryPoolMXBean old) {
    try {
      while (!closed.await(LOOK_EVERY_SECONDS, TimeUnit.SECONDS)) {
        MemoryUsage collected = old.getCollectionUsage();
        if (collected != null && collected.getUsed() > 0) {
          liveBytes = collected.getUsed();
        }
        if (isDue(old.getUsage().getUsed(), liveBytes)) {
          System.gc();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * @param liveBytes what was left by the last collection
   */
  static boolean isDue(long usedBytes, long liveBytes) {
    return usedBytes < LARGE_BYTES && usedBytes > 2 * liveBytes + ALLOWANCE_BYTES;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
