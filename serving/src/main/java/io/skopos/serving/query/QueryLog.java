// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.query;

import io.skopos.model.TenantId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What ended lately, of each tenant apart: the last {@link #RECENT} queries, and the last {@link
 * #SLOW} of those that took longer than {@link #SLOW_FROM}, so that a flood of quick ones does not
 * push them out. With more than {@link #TOTAL} in all, the tenants that asked longest ago are
 * forgotten. Thread-safe.
 */
public final class QueryLog {

  public static final int RECENT = 200;
  public static final int SLOW = 100;
  public static final Duration SLOW_FROM = Duration.ofSeconds(1);
  public static final int TOTAL = 10_000;

  private final Map<TenantId, Rings> byTenant = new LinkedHashMap<>(16, 0.75f, true);

  private int total;

  private static final class Rings {
    final Deque<EndedQuery> recent = new ArrayDeque<>();
    final Deque<EndedQuery> slow = new ArrayDeque<>();
  }

  public synchronized void add(
      RunningQuery query, String outcome, String error, List<String> metrics) {
    EndedQuery ended = EndedQuery.of(query, outcome, error, metrics);
    Rings rings = byTenant.computeIfAbsent(query.tenant(), _ -> new Rings());
    push(rings.recent, ended, RECENT);
    if (ended.elapsedNanos() >= SLOW_FROM.toNanos()) {
      push(rings.slow, ended, SLOW);
    }
    forgetEldest();
  }

  private void push(Deque<EndedQuery> ring, EndedQuery ended, int limit) {
    if (ring.size() == limit) {
      ring.removeLast();
    } else {
      total++;
    }
    ring.addFirst(ended);
  }

  private void forgetEldest() {
    Iterator<Rings> eldestFirst = byTenant.values().iterator();
    while (total > TOTAL && byTenant.size() > 1) {
      Rings eldest = eldestFirst.next();
      total -= eldest.recent.size() + eldest.slow.size();
      eldestFirst.remove();
    }
  }

  /** The last one first. */
  public synchronized List<EndedQuery> recent(TenantId tenant) {
    Rings rings = byTenant.get(tenant);
    return rings == null ? List.of() : new ArrayList<>(rings.recent);
  }

  /** The last one first. */
  public synchronized List<EndedQuery> slow(TenantId tenant) {
    Rings rings = byTenant.get(tenant);
    return rings == null ? List.of() : new ArrayList<>(rings.slow);
  }
}
