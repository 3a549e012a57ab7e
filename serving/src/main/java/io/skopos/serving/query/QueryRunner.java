// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.query;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.engine.QueryAborted;
import io.skopos.engine.QueryBudget;
import io.skopos.model.TenantId;
import io.skopos.storage.blocks.ReadContext;
import io.skopos.web.CpuWorkers;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * Runs the work of a wing's requests on the query threads, within a budget that ends with the
 * client. Thread-safe.
 */
public final class QueryRunner {

  private final QueryCapacity capacity;
  private final QueryErrors errors;
  private final QueryLimits common;
  private final BiConsumer<TenantId, List<String>> ended;
  private final String signal;
  private final RunningQueries running;
  private final InstantSource clock;
  private volatile QueryLimitsByTenant limitsByTenant;
  private final Counter queries;
  private final Histogram durations;

  /**
   * @param wing the word in its metrics' names, such as {@code metrics}
   * @param common what holds for tenants without limits of their own
   * @param ended told of each query that ended, with what it named
   */
  public QueryRunner(
      String wing,
      QueryCapacity capacity,
      QueryLimits common,
      QueryErrors errors,
      BiConsumer<TenantId, List<String>> ended,
      InstantSource clock,
      PrometheusRegistry registry) {
    this.capacity = capacity;
    this.errors = errors;
    this.common = common;
    this.ended = ended;
    limitsByTenant = _ -> common;
    signal = wing;
    this.clock = clock;
    running = capacity.running();
    running.count(wing, registry);
    queries =
        Counter.builder()
            .name("skopos_" + wing + "_queries_total")
            .help("Queries by how they ended.")
            .labelNames("outcome")
            .register(registry);
    durations =
        Histogram.builder()
            .name("skopos_" + wing + "_query_duration_seconds")
            .help("From a query's arrival to its result, waiting included.")
            .classicOnly()
            .classicUpperBounds(0.001, 0.01, 0.1, 1, 10, 60)
            .register(registry);
  }

  /** What is to be done, on a query thread. */
  @FunctionalInterface
  public interface Work<T> {
    T run(Asked asked) throws Exception;
  }

  /** A query that has got its thread. Used by that thread only. */
  public static final class Asked {

    private final RunningQuery query;
    private final ReadContext reads;
    private List<String> names = List.of();

    private Asked(RunningQuery query) {
      this.query = query;
      this.reads = new ReadContext(query.budget()::checkRunning, query.budget()::fetchBytes);
    }

    /** What reading parts has cost so far. */
    public ReadContext.Cost readCost() {
      return reads.cost();
    }

    public QueryBudget budget() {
      return query.budget();
    }

    /** How long it waited for the thread. */
    public long waitedNanos() {
      return query.waitedNanos();
    }

    /** Says which metrics it names, once that is known. */
    public void names(List<String> queried) {
      names = queried;
    }
  }

  /** From now on tenants' queries have these limits. */
  public void limitsOf(QueryLimitsByTenant limits) {
    limitsByTenant = limits;
  }

  /** Where queries are computed. */
  public CpuWorkers workers() {
    return capacity.workers();
  }

  /** Lists what is no query of this runner's, but shows as one; {@link #end} it on every path. */
  public RunningQuery begin(Request request, QueryDescription description, QueryBudget budget) {
    return running.begin(
        signal,
        request.tenant(),
        request.user(),
        request.clientAddress().getHostAddress(),
        description,
        budget,
        clock.instant());
  }

  public void end(RunningQuery query) {
    running.end(query);
  }

  /** A budget for what is no query but holds as much: it ends when the answer is sent. */
  public QueryBudget budget(Request request, QueryBudget.Limits limits) {
    QueryBudget budget = new QueryBudget(limits, 0, capacity.memory());
    request.onCancel(budget::cancel);
    request.onClose(budget::close);
    return budget;
  }

  public <T> T run(Request request, QueryDescription description, Work<T> work) {
    return run(request, description, common.timeout(), work);
  }

  public <T> T run(Request request, QueryDescription description, Duration timeout, Work<T> work) {
    try (OpenQuery query = open(request, description, timeout)) {
      T result = query.compute(work);
      query.answered();
      return result;
    }
  }

  /** A query whose answer is computed piece by piece, while the client takes it; close it. */
  public OpenQuery open(Request request, QueryDescription description, Duration asked) {
    QueryLimits own = limitsByTenant.of(request.tenant());
    Duration timeout = longest(asked, own);
    capacity.tenants().begin(request.tenant(), own.concurrency());
    QueryBudget.Limits limits =
        new QueryBudget.Limits(
            own.maxSamples(),
            own.maxSeries(),
            own.maxBytes(),
            own.maxFetchedBytes(),
            own.maxReadBytes());
    QueryBudget budget =
        new QueryBudget(
            limits, Math.max(1, timeout.toNanos()), capacity.memory(), CpuWorkers::pace);
    request.onCancel(budget::cancel);
    // What the answer holds is held for as long as a client takes to read it.
    request.onClose(budget::close);
    return new OpenQuery(new Asked(begin(request, description, budget)), timeout);
  }

  /** A request that asks for the longest time there is gets the tenant's longest. */
  private Duration longest(Duration asked, QueryLimits own) {
    return asked.compareTo(common.timeout()) >= 0 || asked.compareTo(own.timeout()) > 0
        ? own.timeout()
        : asked;
  }

  /** Used by one thread at a time. */
  public final class OpenQuery implements AutoCloseable {

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
    public <T> T compute(Work<T> work) {
      try {
        return QueryRunner.this.compute(asked, timeout, work);
      } catch (QueryAborted e) {
        outcome = e.reason().name().toLowerCase(Locale.ROOT);
        error = String.valueOf(e.getMessage());
        throw errors.stopped(e);
      } catch (HttpError e) {
        outcome = e.status() == 503 ? "refused" : "failed";
        error = e.getMessage();
        throw e;
      } catch (RuntimeException e) {
        error = "internal error";
        throw e;
      }
    }

    public void answered() {
      outcome = "answered";
    }

    @Override
    public void close() {
      capacity.tenants().end(asked.query.tenant());
      running.end(asked.query);
      // One that never got its thread has named nothing yet.
      capacity.log().add(asked.query, outcome, error, asked.names);
      ended.accept(asked.query.tenant(), asked.names);
      queries.labelValues(outcome).inc();
      durations.observe((System.nanoTime() - began) / 1e9);
    }
  }

  private <T> T compute(Asked asked, Duration timeout, Work<T> work) {
    try {
      return capacity
          .workers()
          .run(
              () -> {
                asked.query.started();
                asked.budget().checkRunning();
                return asked.reads.call(() -> work.run(asked));
              },
              timeout);
    } catch (QueryAborted | HttpError e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HttpError.unavailable("the server is shutting down", Duration.ofSeconds(5));
    } catch (Exception e) {
      HttpError worded = errors.failed(e);
      if (worded != null) {
        throw worded;
      }
      throw e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }
  }
}
