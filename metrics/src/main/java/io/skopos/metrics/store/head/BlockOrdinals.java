// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Per block of series the ordinals its series have in this head, so that a block which comes again
 * is not looked up series by series. Only the head's writer uses it.
 */
final class BlockOrdinals {

  static final int UNKNOWN = -1;

  /** A head may have so many more ordinals in here than series: blocks overlap, and change. */
  private static final int OVERLAP = 2;

  private static final int FEW = 4096;

  private long[] ids = new long[8];
  private int[] @Nullable [] ordinals = new int[8] @Nullable [];
  private int count;
  private long total;

  /**
   * The block's ordinals, {@link #UNKNOWN} at first; who looks one up puts it in.
   *
   * @param seriesCount of the head; when there is more in here than that explains, all is forgotten
   */
  int[] of(long id, int size, int seriesCount) {
    int slot = slot(id);
    int[] known = ordinals[slot];
    if (known != null) {
      return known;
    }
    if (total + size > (long) OVERLAP * seriesCount + FEW) {
      ids = new long[8];
      ordinals = new int[8] @Nullable [];
      count = 0;
      total = 0;
    } else if (count * 2 >= ids.length) {
      grow();
    }
    int[] created = new int[size];
    Arrays.fill(created, UNKNOWN);
    put(id, created);
    count++;
    total += size;
    return created;
  }

  private void grow() {
    long[] oldIds = ids;
    int[] @Nullable [] oldOrdinals = ordinals;
    ids = new long[oldIds.length * 2];
    ordinals = new int[ids.length] @Nullable [];
    for (int i = 0; i < oldIds.length; i++) {
      int[] old = oldOrdinals[i];
      if (old != null) {
        put(oldIds[i], old);
      }
    }
  }

  private void put(long id, int[] value) {
    int slot = slot(id);
    ids[slot] = id;
    ordinals[slot] = value;
  }

  /** Where the id is, or would be put. */
  private int slot(long id) {
    int mask = ids.length - 1;
    int slot = (int) (id * 0x9e3779b97f4a7c15L >>> 40) & mask;
    while (ordinals[slot] != null && ids[slot] != id) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  long heapBytes() {
    return 12L * ids.length + 16L * count + 4 * total;
  }
}
