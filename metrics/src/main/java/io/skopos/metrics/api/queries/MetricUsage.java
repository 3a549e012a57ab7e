// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api.queries;

import io.skopos.model.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often and when each metric was asked for since the start, by tenant. Bounds: {@link #NAMES}
 * names of a tenant, names beyond that are counted together; with more than {@link #TOTAL} in all,
 * the tenants that asked longest ago are forgotten and begin anew. Thread-safe.
 */
public final class MetricUsage {

  public static final int NAMES = 20_000;
  public static final int TOTAL = 200_000;

  private final InstantSource clock;
  private final Instant since;
  private final Map<TenantId, Table> byTenant = new LinkedHashMap<>(16, 0.75f, true);

  private int total;
  private boolean forgot;

  private static final class Table {
    final Instant since;
    final Map<String, Use> byName = new HashMap<>();
    long beyondBound;

    Table(Instant since) {
      this.since = since;
    }
  }

  /**
   * @param name a metric's name, or a pattern as {@code =~"…"}
   */
  public record Use(String name, long queries, Instant lastAsked) {}

  /**
   * What is known of one tenant.
   *
   * @param since from when on
   * @param beyondBound queries of names that had no room
   */
  public record Report(Instant since, Map<String, Use> byName, long beyondBound) {
    public Report {
      byName = Map.copyOf(byName);
    }
  }

  public MetricUsage(InstantSource clock) {
    this.clock = clock;
    this.since = clock.instant();
  }

  /** Counts one query that selects these names. */
  public synchronized void asked(TenantId tenant, List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    Table table = byTenant.computeIfAbsent(tenant, _ -> new Table(forgot ? now : since));
    for (String name : names) {
      Use before = table.byName.get(name);
      if (before == null && table.byName.size() >= NAMES) {
        table.beyondBound++;
      } else {
        table.byName.put(name, new Use(name, before == null ? 1 : before.queries + 1, now));
        total += before == null ? 1 : 0;
      }
    }
    Iterator<Table> eldestFirst = byTenant.values().iterator();
    while (total > TOTAL && byTenant.size() > 1) {
      total -= eldestFirst.next().byName.size();
      eldestFirst.remove();
      forgot = true;
    }
  }

  public synchronized Report report(TenantId tenant) {
    @Nullable Table table = byTenant.get(tenant);
    return table == null
        ? new Report(since, Map.of(), 0)
        : new Report(table.since, table.byName, table.beyondBound);
  }
}
