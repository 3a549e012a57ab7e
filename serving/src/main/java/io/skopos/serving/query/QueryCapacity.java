// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.query;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.engine.QueryMemory;
import io.skopos.model.TenantId;
import io.skopos.web.CpuWorkers;

/** What the queries of all signals share: threads, heap, and the number a tenant may have. */
public final class QueryCapacity implements AutoCloseable {

  private final CpuWorkers workers;
  private final QueryMemory memory = QueryMemory.ofThisProcess();
  private final TenantQueries tenants = new TenantQueries();
  private final RunningQueries running = new RunningQueries();
  private final QueryLog log = new QueryLog();
  private final int threads;
  private final int queue;

  /**
   * @param threads queries computed at the same time
   * @param queue queries that wait for their turn; the next is refused
   */
  public QueryCapacity(int threads, int queue, PrometheusRegistry registry) {
    this.threads = threads;
    this.queue = queue;
    workers = new CpuWorkers("query", threads, queue, registry);
    GaugeWithCallback.builder()
        .name("skopos_query_held_bytes")
        .help("Heap that what running queries hold takes, as it is reckoned.")
        .callback(callback -> callback.call(memory.heldBytes()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_query_held_bytes_limit")
        .help("Where a query that holds more is stopped: half of the heap.")
        .callback(callback -> callback.call(memory.limitBytes()))
        .register(registry);
  }

  /** Where queries are computed. */
  public CpuWorkers workers() {
    return workers;
  }

  QueryMemory memory() {
    return memory;
  }

  TenantQueries tenants() {
    return tenants;
  }

  /** What waits and runs now. */
  RunningQueries running() {
    return running;
  }

  /** What ended lately. */
  QueryLog log() {
    return log;
  }

  int threads() {
    return threads;
  }

  int queue() {
    return queue;
  }

  /** Queries of the tenant that are running or waiting. */
  public int running(TenantId tenant) {
    return tenants.of(tenant);
  }

  /** Ends the query threads; running queries are waited for by the web server's drain. */
  @Override
  public void close() {
    workers.close();
  }
}
