// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.engine.QueryAborted;
import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryFailed;
import io.skopos.metrics.language.ast.InvalidDuration;
import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.web.CpuWorkers;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import java.time.Duration;

/**
 * Runs the work of a request on the query threads, within a budget that ends with the client, and
 * words what goes wrong as Prometheus does. Thread-safe.
 */
final class QueryRunner implements AutoCloseable {

  private final QueryConfig config;
  private final CpuWorkers workers;
  private final Counter queries;
  private final Histogram durations;

  QueryRunner(QueryConfig config, PrometheusRegistry registry) {
    this.config = config;
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
  }

  /** What is to be done, on a query thread. */
  @FunctionalInterface
  interface Work<T> {

    /**
     * @param waitedNanos how long it waited for the thread
     */
    T run(QueryBudget budget, long waitedNanos) throws ParseFailed;
  }

  <T> T run(Request request, Work<T> work) {
    return run(request, config.timeout(), work);
  }

  <T> T run(Request request, Duration timeout, Work<T> work) {
    long began = System.nanoTime();
    QueryBudget.Limits limits =
        new QueryBudget.Limits(config.maxSamples(), config.maxSeries(), config.maxBytes().bytes());
    QueryBudget budget = new QueryBudget(limits, Math.max(1, timeout.toNanos()));
    request.onCancel(budget::cancel);
    String outcome = "failed";
    try {
      T result =
          workers.run(
              () -> {
                budget.checkRunning();
                return work.run(budget, System.nanoTime() - began);
              },
              timeout);
      outcome = "answered";
      return result;
    } catch (ParseFailed | InvalidDuration e) {
      throw QueryParameters.invalid("query", String.valueOf(e.getMessage()));
    } catch (QueryFailed e) {
      throw new HttpError(422, "execution", String.valueOf(e.getMessage()));
    } catch (QueryAborted e) {
      outcome = e.reason().name().toLowerCase(java.util.Locale.ROOT);
      throw aborted(e);
    } catch (HttpError e) {
      outcome = e.status() == 503 ? "refused" : "failed";
      throw e;
    } catch (RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HttpError.unavailable("the server is shutting down", Duration.ofSeconds(5));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      queries.labelValues(outcome).inc();
      durations.observe((System.nanoTime() - began) / 1e9);
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
