// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.blocks;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the reads of one query cost, and whether it still wants to wait for them. Bound to the
 * query's threads while they read; reads of nobody in particular have none. Thread-safe.
 */
public final class ReadContext {

  private static final ScopedValue<ReadContext> CURRENT = ScopedValue.newInstance();

  private final Runnable checkRunning;
  private final LongConsumer charge;
  private final LongAdder pageHits = new LongAdder();
  private final LongAdder pageReads = new LongAdder();
  private final LongAdder blockHits = new LongAdder();
  private final LongAdder fetches = new LongAdder();
  private final LongAdder fetchedBytes = new LongAdder();

  /**
   * @param checkRunning throws when the query is cancelled, out of time or over a limit
   * @param charge gets the bytes of each request to the bucket before it is sent; must not throw
   */
  public ReadContext(Runnable checkRunning, LongConsumer charge) {
    this.checkRunning = checkRunning;
    this.charge = charge;
  }

  /**
   * @param pageHits pages found in memory
   * @param pageReads pages read from the local disk or the bucket
   * @param blockHits reads of bucket parts that the local cache answered
   * @param fetches requests to the bucket
   * @param fetchedBytes bytes they brought
   */
  public record Cost(
      long pageHits, long pageReads, long blockHits, long fetches, long fetchedBytes) {
    public static final Cost NONE = new Cost(0, 0, 0, 0, 0);
  }

  public Cost cost() {
    return new Cost(
        pageHits.sum(), pageReads.sum(), blockHits.sum(), fetches.sum(), fetchedBytes.sum());
  }

  /** Runs the work with this as its context. */
  public <T> T call(Callable<T> work) throws Exception {
    return ScopedValue.where(CURRENT, this).call(work::call);
  }

  /** That of this thread's query; null when it reads for none. */
  public static @Nullable ReadContext current() {
    return CURRENT.isBound() ? CURRENT.get() : null;
  }

  public static void pageHit() {
    if (CURRENT.isBound()) {
      CURRENT.get().pageHits.increment();
    }
  }

  public static void pageRead() {
    if (CURRENT.isBound()) {
      CURRENT.get().pageReads.increment();
    }
  }

  void checkRunning() {
    checkRunning.run();
  }

  void blockHit() {
    blockHits.increment();
  }

  /** Before a request, which is sent all the same: others may wait for it, too. */
  void fetching(long bytes) {
    charge.accept(bytes);
  }

  void fetched(long bytes) {
    fetches.increment();
    fetchedBytes.add(bytes);
  }
}
