// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.pages;

/**
 * Remembers which pages were evicted lately, by hash only: a page that comes back soon was worth
 * keeping. A fixed table in which a later entry overwrites an earlier one of the same slot. Not
 * thread-safe.
 */
final class GhostQueue {

  private static final int SLOTS = 1 << 14;

  private final int[] hashes = new int[SLOTS];
  private final long[] addedAt = new long[SLOTS];
  private long clock;

  void add(int hash) {
    int slot = slot(hash);
    hashes[slot] = hash;
    addedAt[slot] = ++clock;
  }

  /**
   * @param window how many evictions back still count
   */
  boolean contains(int hash, long window) {
    int slot = slot(hash);
    return addedAt[slot] != 0 && hashes[slot] == hash && clock - addedAt[slot] < window;
  }

  private static int slot(int hash) {
    return (hash * 0x9E3779B9) >>> 18;
  }
}
