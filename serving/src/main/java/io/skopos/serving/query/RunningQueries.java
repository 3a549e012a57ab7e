// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.query;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.engine.QueryBudget;
import io.skopos.model.TenantId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The queries that wait or run now. Their number is bounded by the threads and the queue of who
 * runs them. Thread-safe.
 */
public final class RunningQueries {

  private final ConcurrentHashMap<String, RunningQuery> byId = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong();
  private final ConcurrentHashMap<String, Counter> cancelled = new ConcurrentHashMap<>();

  /** Counts the queries of a signal; once for each. */
  void count(String signal, PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name("skopos_" + signal + "_queries_in_flight")
        .help("Queries that wait or run, by state.")
        .labelNames("state")
        .callback(gauge -> {
          for (RunningQuery.State state : RunningQuery.State.values()) {
            long count =
                byId.values().stream()
                    .filter(query -> query.signal().equals(signal) && query.state() == state)
                    .count();
            gauge.call(count, state.name().toLowerCase(java.util.Locale.ROOT));
          }
        })
        .register(registry);
    cancelled.put(
        signal,
        Counter.builder()
            .name("skopos_" + signal + "_queries_cancelled_on_request_total")
            .help("Queries cancelled over the API; those whose client went are not counted.")
            .register(registry));
  }

  /** Enters a query; {@link #end} it on every path. */
  RunningQuery begin(
      String signal,
      TenantId tenant,
      @Nullable String user,
      String client,
      QueryDescription description,
      QueryBudget budget,
      Instant now) {
    String id = Long.toString(next.incrementAndGet());
    RunningQuery query =
        new RunningQuery(id, signal, tenant, user, client, description, budget, now);
    byId.put(id, query);
    return query;
  }

  void end(RunningQuery query) {
    byId.remove(query.id());
  }

  /** A tenant's queries, the oldest first. */
  public List<RunningQuery> of(TenantId tenant) {
    return byId.values().stream()
        .filter(query -> query.tenant().equals(tenant))
        .sorted(Comparator.comparingLong(query -> Long.parseLong(query.id())))
        .toList();
  }

  /**
   * Stops a query of the tenant: at once when it waits, else at its next look at its budget.
   *
   * @return null when the tenant has no such query, or has it no more
   */
  public @Nullable RunningQuery cancel(TenantId tenant, String id) {
    RunningQuery query = byId.get(id);
    if (query == null || !query.tenant().equals(tenant)) {
      return null;
    }
    query.cancel("the query was cancelled over the API");
    Counter counter = cancelled.get(query.signal());
    if (counter != null) {
      counter.inc();
    }
    return query;
  }
}
