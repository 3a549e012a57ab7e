// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.pages;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * S3-FIFO (Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023): new pages go
 * through a small queue and reach the main one only if used again meanwhile, so that one wide scan
 * does not wash out what dashboards read all day. Pinned pages go round. Not thread-safe.
 */
final class PageEviction {

  private final ArrayDeque<CachedPage> small = new ArrayDeque<>();
  private final ArrayDeque<CachedPage> main = new ArrayDeque<>();
  private final GhostQueue ghosts = new GhostQueue();
  private final long smallTarget;
  private long smallBytes;

  PageEviction(long capacity) {
    smallTarget = capacity / 10;
  }

  void add(CachedPage page) {
    page.resetUses(0);
    if (ghosts.contains(page.hash, main.size() + 1L)) {
      main.add(page);
    } else {
      small.add(page);
      smallBytes += page.length;
    }
  }

  int size() {
    return small.size() + main.size();
  }

  /**
   * A page nobody can reach any more, to be taken from the table and freed; null when all are in
   * use.
   */
  @Nullable CachedPage next() {
    // Each page is met at most MOST_USES times before it is evicted or known to be pinned.
    long patience = 4L * size() + 4;
    while (patience-- > 0 && size() > 0) {
      boolean fromSmall = smallBytes > smallTarget || main.isEmpty();
      CachedPage victim = fromSmall && !small.isEmpty() ? fromSmall() : fromMain();
      if (victim != null) {
        return victim;
      }
    }
    return null;
  }

  private @Nullable CachedPage fromSmall() {
    CachedPage page = small.remove();
    smallBytes -= page.length;
    if (page.uses() > 1 || page.isPinned()) {
      page.resetUses(0);
      main.add(page);
      return null;
    }
    if (!page.tryRetire()) {
      main.add(page);
      return null;
    }
    ghosts.add(page.hash);
    return page;
  }

  private @Nullable CachedPage fromMain() {
    CachedPage page = main.remove();
    if (page.uses() > 0) {
      page.resetUses(page.uses() - 1);
    } else if (page.tryRetire()) {
      return page;
    }
    main.add(page);
    return null;
  }
}
