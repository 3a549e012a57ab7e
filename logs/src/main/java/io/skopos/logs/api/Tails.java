// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.logs.store.LogBatch;
import io.skopos.model.TenantId;
import io.skopos.web.HttpError;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Who listens to a tenant's entries as they are written. Costs nothing where nobody does.
 * Thread-safe.
 */
final class Tails {

  private final Map<TenantId, List<TailQueue>> byTenant = new ConcurrentHashMap<>();

  /** Called with each write when it is durable, before the batch is given back. */
  void appended(TenantId tenant, LogBatch batch) {
    List<TailQueue> queues = byTenant.get(tenant);
    if (queues == null || queues.isEmpty()) {
      return;
    }
    List<AppendedRun> runs = AppendedRun.of(batch);
    long bytes = batch.bytes() + 64L * batch.rows();
    for (TailQueue queue : queues) {
      queue.offer(runs, bytes);
    }
  }

  /**
   * @throws HttpError 429 when the tenant has as many as it may
   */
  void add(TenantId tenant, TailQueue queue, int most) {
    byTenant.compute(
        tenant,
        (_, known) -> {
          List<TailQueue> queues = known == null ? new CopyOnWriteArrayList<>() : known;
          if (queues.size() >= most) {
            throw new HttpError(
                429,
                "too_many_requests",
                "max concurrent tail requests limit exceeded, count > limit ("
                    + (queues.size() + 1)
                    + " > "
                    + most
                    + "); logs.max_tails is that limit");
          }
          queues.add(queue);
          return queues;
        });
  }

  void remove(TenantId tenant, TailQueue queue) {
    byTenant.computeIfPresent(
        tenant,
        (_, queues) -> {
          queues.remove(queue);
          return queues.isEmpty() ? null : queues;
        });
  }
}
