// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.storage.head.HeadTable;
import java.util.List;

/** All heads of samples in the process. */
public final class Heads extends HeadTable<DayHead> {

  private final SlabPool pool;

  public Heads(int shardCount, SlabPool pool) {
    super(shardCount, (tenant, day, shard) -> new DayHead(tenant, day, shard, pool));
    this.pool = pool;
  }

  /** The tenant's heads whose rows overlap the range, older ones first; release each. */
  public List<DayHead> retain(TenantId tenant, TimeRange range) {
    // Of an empty head the least time is the greatest there is.
    return retain(tenant, head -> range.overlaps(head.minTimeMs(), head.maxTimeMs()));
  }

  public long seriesCount() {
    return all().mapToLong(DayHead::seriesCount).sum();
  }

  /** On the heap and off it. */
  public long bytes() {
    return pool.usedBytes() + pool.heapBytes();
  }
}
