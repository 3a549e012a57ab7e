// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

import io.skopos.engine.QueryBudget;
import io.skopos.logs.store.LogSource;
import io.skopos.model.TenantId;

/**
 * Answers LogQL over a source of entries. Thread-safe; runs on the caller's thread, which should be
 * a platform thread, because evaluation is CPU work.
 */
public final class LogqlEngine {

  private final LogSource source;

  public LogqlEngine(LogSource source) {
    this.source = source;
  }

  /**
   * Evaluates a metric query at one time: a vector, or a scalar for a number. The order of the
   * vector is the evaluation's, which means something after {@code sort} or {@code topk}.
   *
   * @throws QueryRefused when the query is valid but cannot be answered, with a text like Loki's
   * @throws io.skopos.engine.QueryFailed when the data does not fit the query
   * @throws io.skopos.engine.QueryAborted when the budget is spent or the query was cancelled
   */
  public MetricOutcome instant(
      TenantId tenant, LogqlQuery query, long timeNs, QueryLimits limits, QueryBudget budget) {
    throw new UnsupportedOperationException("instant");
  }

  /**
   * Evaluates a metric query at start, start + step, ... up to end; the answer is a matrix sorted by
   * labels.
   *
   * @throws QueryRefused when the query is valid but cannot be answered, with a text like Loki's
   * @throws io.skopos.engine.QueryFailed when the data does not fit the query
   * @throws io.skopos.engine.QueryAborted when the budget is spent or the query was cancelled
   */
  public MetricOutcome range(
      TenantId tenant,
      LogqlQuery query,
      long startNs,
      long endNs,
      long stepMs,
      QueryLimits limits,
      QueryBudget budget) {
    throw new UnsupportedOperationException("range");
  }

  /**
   * The entries of a log query.
   *
   * @throws QueryRefused when the query is valid but cannot be answered, with a text like Loki's
   * @throws io.skopos.engine.QueryAborted when the budget is spent or the query was cancelled
   */
  public EntriesOutcome entries(
      TenantId tenant, LogqlQuery query, EntriesRequest request, QueryBudget budget) {
    throw new UnsupportedOperationException("entries");
  }

  LogSource source() {
    return source;
  }
}
