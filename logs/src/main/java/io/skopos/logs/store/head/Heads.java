// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.head;

import io.skopos.model.TenantId;
import io.skopos.storage.head.HeadTable;
import java.util.List;

/** All heads of log entries in the process. */
public final class Heads extends HeadTable<DayHead> {

  public Heads(int shardCount, HeadMemory memory) {
    super(shardCount, (tenant, day, shard) -> new DayHead(tenant, day, shard, memory));
  }

  /** The tenant's heads whose rows overlap the range, older ones first; release each. */
  public List<DayHead> retain(TenantId tenant, long fromNs, long toNs) {
    // Of an empty head the least time is the greatest there is.
    return retain(tenant, head -> head.minTimeNs() <= toNs && head.maxTimeNs() >= fromNs);
  }

  public long streamCount() {
    return all().mapToLong(DayHead::streamCount).sum();
  }
}
