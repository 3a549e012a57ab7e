// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.pages;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Pages by part and offset. Finding takes no lock: a reader that meets a change may miss a page
 * that is there, never see a wrong one; who misses looks again with the stripe locked.
 */
final class PageTable {

  private static final int STRIPES = 64;

  private final Stripe[] stripes = new Stripe[STRIPES];

  PageTable() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  static int hash(long partHigh, long partLow, long offset) {
    long mixed = (partHigh ^ Long.rotateLeft(partLow, 32)) + offset * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
    return (int) (mixed ^ (mixed >>> 32));
  }

  @Nullable CachedPage find(int hash, long partHigh, long partLow, long offset) {
    @Nullable CachedPage[] buckets = stripe(hash).buckets;
    CachedPage page = buckets[bucket(hash, buckets.length)];
    while (page != null && !page.is(partHigh, partLow, offset)) {
      page = page.next;
    }
    return page;
  }

  /** The page already there, or null after {@code fresh} was added. */
  @Nullable CachedPage findOrAdd(CachedPage fresh) {
    Stripe stripe = stripe(fresh.hash);
    stripe.lock.lock();
    try {
      CachedPage present = find(fresh.hash, fresh.partHigh, fresh.partLow, fresh.offset);
      if (present == null) {
        stripe.add(fresh);
      }
      return present;
    } finally {
      stripe.lock.unlock();
    }
  }

  void remove(CachedPage page) {
    Stripe stripe = stripe(page.hash);
    stripe.lock.lock();
    try {
      stripe.remove(page);
    } finally {
      stripe.lock.unlock();
    }
  }

  private Stripe stripe(int hash) {
    return stripes[hash & (STRIPES - 1)];
  }

  private static int bucket(int hash, int count) {
    return (hash >>> 6) & (count - 1);
  }

  private static final class Stripe {

    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable CachedPage[] buckets = new @Nullable CachedPage[64];
    private int size;

    void add(CachedPage page) {
      if (size >= buckets.length) {
        grow();
      }
      @Nullable CachedPage[] now = buckets;
      int at = bucket(page.hash, now.length);
      page.next = now[at];
      now[at] = page;
      buckets = now; // publishes the page to readers
      size++;
    }

    void remove(CachedPage page) {
      @Nullable CachedPage[] now = buckets;
      int at = bucket(page.hash, now.length);
      CachedPage before = null;
      CachedPage candidate = now[at];
      while (candidate != null && candidate != page) {
        before = candidate;
        candidate = candidate.next;
      }
      if (candidate == null) {
        return;
      }
      if (before == null) {
        now[at] = page.next;
      } else {
        before.next = page.next;
      }
      size--;
    }

    private void grow() {
      @Nullable CachedPage[] small = buckets;
      @Nullable CachedPage[] large = new @Nullable CachedPage[small.length * 2];
      for (CachedPage first : small) {
        CachedPage page = first;
        while (page != null) {
          CachedPage behind = page.next;
          int at = bucket(page.hash, large.length);
          page.next = large[at];
          large[at] = page;
          page = behind;
        }
      }
      buckets = large;
    }
  }
}
