// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.query;

import io.skopos.model.TenantId;
import io.skopos.web.HttpError;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many queries each tenant has running or waiting. Thread-safe. */
final class TenantQueries {

  private final Map<TenantId, Integer> counts = new ConcurrentHashMap<>();

  /**
   * Counts one more; pair it with {@link #end}.
   *
   * @param limit 0 for none
   * @throws HttpError 429 when there are as many as may be
   */
  void begin(TenantId tenant, int limit) {
    counts.compute(
        tenant,
        (_, count) -> {
          int running = count == null ? 0 : count;
          if (limit > 0 && running >= limit) {
            throw new HttpError(
                    429,
                    "too_many_requests",
                    "the tenant '"
                        + tenant
                        + "' has "
                        + running
                        + " queries running or waiting, which is the limit query.tenant_concurrency"
                        + " (for this tenant alone: overrides."
                        + tenant
                        + ".query.tenant_concurrency); try again when one has ended")
                .header("Retry-After", "1");
          }
          return running + 1;
        });
  }

  void end(TenantId tenant) {
    counts.computeIfPresent(tenant, (_, count) -> count == 1 ? null : count - 1);
  }

  int of(TenantId tenant) {
    return counts.getOrDefault(tenant, 0);
  }
}
