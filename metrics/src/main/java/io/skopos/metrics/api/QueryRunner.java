// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.engine.QueryAborted;
import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.QueryMemory;
import io.skopos.metrics.api.queries.MetricUsage;
import io.skopos.metrics.api.queries.QueryDescription;
import io.skopos.metrics.api.queries.QueryLog;
import io.skopos.metrics.api.queries.RunningQueries;
import io.skopos.metrics.api.queries.RunningQuery;
import io.skopos.metrics.language.ast.InvalidDuration;
import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.storage.blocks.ReadContext;
import io.skopos.web.CpuWorkers;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/**
 * Runs the work of a request on the query threads, within a budget that ends with the client, and
 * words what goes wrong as Prometheus does. Thread-safe.
 */
final class QueryRunner implements AutoCloseable {

  private final QueryConfig config;
  private final CpuWorkers workers;
  private final QueryMemory memory = QueryMemory.ofThisProcess();
  private final RunningQueries running;
  private final QueryLog log = new QueryLog();
  private final MetricUsage usage;
  private final TenantQueries tenants = new TenantQueries();
  private volatile QueryLimitsByTenant limitsByTenant;
  private final Counter queries;
  private final Histogram durations;

  QueryRunner(QueryConfig config, InstantSource clock, PrometheusRegistry registry) {
    this.config = config;
    limitsByTenant = _ -> config;
    running = new RunningQueries(clock, registry);
    usage = new MetricUsage(clock);
    workers = new CpuWorkers("query", config.threads(), config.queue(), registry);
    queries =
        Counter.builder()
            .name("skopos_metrics_queries_total")
            .help("Queries by how they ended.")
            .labelNames("outcome")
            .register(registry);
    durations =
        Histogram.builder()
            .name("skopos_metrics_query_duration_seconds")
            .help("From a query's arrival to its result, waiting included.")
            .classicOnly()
            .classicUpperBounds(0.001, 0.01, 0.1, 1, 10, 60)
            .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_metrics_query_held_bytes")
        .help("Heap that the samples of running queries take, as it is reckoned.")
        .callback(callback -> callback.call(memory.heldBytes()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_metrics_query_held_bytes_limit")
        .help("Where a query that holds more is stopped: half of the heap.")
        .callback(callback -> callback.call(memory.limitBytes()))
        .register(registry);
  }

  /** What is to be done, on a query thread. */
  @FunctionalInterface
  interface Work<T> {
    T run(Asked asked) throws ParseFailed;
  }

  /** A query that has got its thread. Used by that thread only. */
  static final class Asked {

    private final RunningQuery query;
    private final ReadContext reads;
    private List<String> metrics = List.of();

    private Asked(RunningQuery query) {
      this.query = query;
      this.reads = new ReadContext(query.budget()::checkRunning);
    }

    /** What reading parts has cost so far. */
    ReadContext.Cost readCost() {
      return reads.cost();
    }

    QueryBudget budget() {
      return query.budget();
    }

    /** How long it waited for the thread. */
    long waitedNanos() {
      return query.waitedNanos();
    }

    /** Says which metrics it names, once that is known. */
    void names(List<String> queriedMetrics) {
      metrics = queriedMetrics;
    }
  }

  /** From now on tenants' queries have these limits. */
  void limitsOf(QueryLimitsByTenant limits) {
    limitsByTenant = limits;
  }

  /** Where queries are computed. */
  CpuWorkers workers() {
    return workers;
  }

  TenantQueries tenants() {
    return tenants;
  }

  RunningQueries running() {
    return running;
  }

  /** A budget for what is no query but holds as much: it ends when the answer is sent. */
  QueryBudget budget(Request request, QueryBudget.Limits limits) {
    QueryBudget budget = new QueryBudget(limits, 0, memory);
    request.onCancel(budget::cancel);
    request.onClose(budget::close);
    return budget;
  }

  QueryLog log() {
    return log;
  }

  MetricUsage usage() {
    return usage;
  }

  <T> T run(Request request, QueryDescription description, Work<T> work) {
    return run(request, description, config.timeout(), work);
  }

  <T> T run(Request request, QueryDescription description, Duration timeout, Work<T> work) {
    try (OpenQuery query = open(request, description, timeout)) {
      T result = query.compute(work);
      query.answered();
      return result;
    }
  }

  /** A query whose answer is computed piece by piece, while the client takes it; close it. */
  OpenQuery open(Request request, QueryDescription description, Duration asked) {
    QueryConfig own = limitsByTenant.of(request.tenant());
    Duration timeout = longest(asked, own);
    tenants.begin(request.tenant(), own.tenantConcurrency());
    QueryBudget.Limits limits =
        new QueryBudget.Limits(own.maxSamples(), own.maxSeries(), own.maxBytes().bytes());
    QueryBudget budget =
        new QueryBudget(limits, Math.max(1, timeout.toNanos()), memory, CpuWorkers::pace);
    request.onCancel(budget::cancel);
    // What the answer holds is held for as long as a client takes to read it.
    request.onClose(budget::close);
    RunningQuery query =
        running.begin(
            request.tenant(),
            request.user(),
            request.clientAddress().getHostAddress(),
            description,
            budget);
    return new OpenQuery(new Asked(query), timeout);
  }

  /** A request that asks for the longest time there is gets the tenant's longest. */
  private Duration longest(Duration asked, QueryConfig own) {
    return asked.compareTo(config.timeout()) >= 0 || asked.compareTo(own.timeout()) > 0
        ? own.timeout()
        : asked;
  }

  /** Used by one thread at a time. */
  final class OpenQuery implements AutoCloseable {

    private final long began = System.nanoTime();
    private final Asked asked;
    private final Duration timeout;
    private String outcome = "failed";
    private String error = "";

    private OpenQuery(Asked asked, Duration timeout) {
      this.asked = asked;
      this.timeout = timeout;
    }

    /** Runs a piece of the work on a query thread, within the whole query's budget. */
    <T> T compute(Work<T> work) {
      try {
        return QueryRunner.this.compute(asked, timeout, work);
      } catch (QueryAborted e) {
        outcome = e.reason().name().toLowerCase(Locale.ROOT);
        error = String.valueOf(e.getMessage());
        throw aborted(e);
      } catch (HttpError e) {
        outcome = e.status() == 503 ? "refused" : "failed";
        error = e.getMessage();
        throw e;
      } catch (RuntimeException e) {
        error = "internal error";
        throw e;
      }
    }

    void answered() {
      outcome = "answered";
    }

    @Override
    public void close() {
      tenants.end(asked.query.tenant());
      running.end(asked.query);
      // One that never got its thread has named nothing yet.
      log.add(asked.query, outcome, error, asked.metrics);
      usage.asked(asked.query.tenant(), asked.metrics);
      queries.labelValues(outcome).inc();
      durations.observe((System.nanoTime() - began) / 1e9);
    }
  }

  private <T> T compute(Asked asked, Duration timeout, Work<T> work) {
    try {
      return workers.run(
          () -> {
            asked.query.started();
            asked.budget().checkRunning();
            return asked.reads.call(() -> work.run(asked));
          },
          timeout);
    } catch (ParseFailed | InvalidDuration e) {
      throw QueryParameters.invalid("query", String.valueOf(e.getMessage()));
    } catch (QueryFailed e) {
      throw new HttpError(422, "execution", String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HttpError.unavailable("the server is shutting down", Duration.ofSeconds(5));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpError aborted(QueryAborted e) {
    String message = String.valueOf(e.getMessage());
    return switch (e.reason()) {
      case TIMEOUT -> new HttpError(503, "timeout", message);
      case CANCELLED -> new HttpError(PrometheusErrors.CLIENT_CLOSED_REQUEST, "canceled", message);
      case TOO_MANY_SAMPLES, TOO_MANY_SERIES, TOO_MANY_BYTES ->
          new HttpError(422, "execution", message);
    };
  }

  @Override
  public void close() {
    workers.close();
  }
}
