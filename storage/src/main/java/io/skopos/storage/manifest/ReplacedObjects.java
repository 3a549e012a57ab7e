// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Objects no manifest names any more, each waiting until every lease taken before its replacement
 * is closed; they become free in the order in which they were replaced. A lease is a number in a
 * set: taking one costs an allocation. Thread-safe.
 *
 * <p>The order of steps is what makes it right: a swap is visible before the generation goes up,
 * and a lease reads the generation before its holder reads manifests. So a lease of a later
 * generation cannot have seen the replaced objects.
 */
final class ReplacedObjects {

  private final AtomicLong generation = new AtomicLong();
  private final Set<OpenLease> leases = ConcurrentHashMap.newKeySet();
  private final ArrayDeque<Replaced> waiting = new ArrayDeque<>();

  Manifests.Lease lease() {
    OpenLease lease = new OpenLease(generation.get());
    leases.add(lease);
    LeaseTraces.opened(lease);
    return lease;
  }

  /** After the manifest without them is visible to readers. */
  void add(Collection<String> objects) {
    if (objects.isEmpty()) {
      return;
    }
    synchronized (waiting) {
      long replacedIn = generation.incrementAndGet();
      for (String object : objects) {
        waiting.add(new Replaced(object, replacedIn));
      }
    }
  }

  /** The next object that nobody can be reading; null when there is none now. */
  @Nullable String nextFree() {
    synchronized (waiting) {
      Replaced oldest = waiting.peek();
      if (oldest == null || oldestLease() < oldest.generation) {
        return null;
      }
      return oldest.object;
    }
  }

  /** After {@link #nextFree} was removed. */
  void removed(String object) {
    synchronized (waiting) {
      Replaced oldest = waiting.peek();
      if (oldest != null && oldest.object.equals(object)) {
        waiting.remove();
      }
    }
  }

  int waiting() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  int openLeases() {
    return leases.size();
  }

  /** How long the oldest has been open; 0 without any. */
  double oldestLeaseSeconds() {
    long now = System.nanoTime();
    long longest = 0;
    for (OpenLease lease : leases) {
      longest = Math.max(longest, now - lease.openedNanos);
    }
    return longest / 1e9;
  }

  private long oldestLease() {
    long oldest = Long.MAX_VALUE;
    for (OpenLease lease : leases) {
      oldest = Math.min(oldest, lease.generation);
    }
    return oldest;
  }

  private record Replaced(String object, long generation) {}

  private final class OpenLease implements Manifests.Lease {

    private final long generation;
    private final long openedNanos = System.nanoTime();

    OpenLease(long generation) {
      this.generation = generation;
    }

    @Override
    public void close() {
      leases.remove(this);
      LeaseTraces.closed(this);
    }
  }
}
