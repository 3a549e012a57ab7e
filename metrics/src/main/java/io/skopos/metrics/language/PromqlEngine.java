// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language;

import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryFailed;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.TenantId;
import java.util.Objects;

/**
 * Answers PromQL over a sample source. Thread-safe; runs on the caller's thread, which should be a
 * platform thread, because evaluation is CPU work.
 */
public final class PromqlEngine {

  private final SampleSource source;

  public PromqlEngine(SampleSource source) {
    this.source = Objects.requireNonNull(source);
  }

  /**
   * Evaluates at one time.
   *
   * @throws QueryFailed when the data does not fit the query
   * @throws io.skopos.engine.QueryAborted when the budget is spent or the query was cancelled
   */
  public QueryOutcome instant(
      TenantId tenant, String query, long timeMs, QueryOptions options, QueryBudget budget) {
    throw new UnsupportedOperationException("not built yet: " + source);
  }

  /**
   * Evaluates at start, start + step, ... up to end; the answer is a matrix sorted by labels.
   *
   * @throws QueryFailed when the data does not fit the query
   * @throws io.skopos.engine.QueryAborted when the budget is spent or the query was cancelled
   */
  public QueryOutcome range(
      TenantId tenant,
      String query,
      long startMs,
      long endMs,
      long stepMs,
      QueryOptions options,
      QueryBudget budget) {
    throw new UnsupportedOperationException("not built yet: " + source);
  }
}
