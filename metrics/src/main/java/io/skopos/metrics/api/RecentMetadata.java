// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBatch.MetadataRow;
import io.skopos.model.TenantId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What senders said about metric families lately. Remote write 2.0 says it with every series of
 * every request; it is stored when it changes, and once an hour, so that each day knows it.
 * Thread-safe; bounded: what is forgotten is stored once more.
 */
final class RecentMetadata {

  private static final int MAX_FAMILIES = 50_000;
  private static final long REPEAT_MS = 3_600_000;

  private final LinkedHashMap<Family, MetadataRow> recent =
      new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Family, MetadataRow> eldest) {
          return size() > MAX_FAMILIES;
        }
      };

  private record Family(TenantId tenant, String metric) {}

  /** Takes out of the batch what is known, and what it holds twice. */
  synchronized void dropKnown(TenantId tenant, SampleBatch batch) {
    if (batch.metadata().isEmpty()) {
      return;
    }
    Map<String, Set<MetricMetadata>> seen = new HashMap<>();
    batch
        .metadata()
        .removeIf(row -> {
          MetadataRow known = recent.get(new Family(tenant, row.metric()));
          boolean repeated =
              known != null
                  && known.metadata().equals(row.metadata())
                  && Math.abs(row.timeMs() - known.timeMs()) < REPEAT_MS;
          return repeated
              || !seen.computeIfAbsent(row.metric(), _ -> new HashSet<>()).add(row.metadata());
        });
  }

  /** Notes that the batch's metadata is stored. */
  synchronized void remember(TenantId tenant, SampleBatch batch) {
    batch.metadata().forEach(row -> recent.put(new Family(tenant, row.metric()), row));
  }
}
