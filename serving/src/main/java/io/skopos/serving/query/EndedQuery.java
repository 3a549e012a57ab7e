// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.query;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query as the log remembers it.
 *
 * @param signal of which it asks, such as {@code metrics}
 * @param outcome {@code answered}, {@code failed}, {@code refused}, {@code cancelled}, {@code
 *     timeout} …, as in the metric {@code skopos_WING_queries_total}
 * @param error why it has no answer; empty when it has one
 * @param metrics the names it selects, as far as they are written out
 */
public record EndedQuery(
    String id,
    String signal,
    @Nullable String user,
    String client,
    QueryDescription description,
    Instant arrived,
    long waitedNanos,
    long elapsedNanos,
    long samplesRead,
    long bytesRead,
    long seriesSelected,
    long peakSamples,
    String outcome,
    String error,
    List<String> metrics) {

  public EndedQuery {
    metrics = List.copyOf(metrics);
  }

  static EndedQuery of(RunningQuery query, String outcome, String error, List<String> metrics) {
    return new EndedQuery(
        query.id(),
        query.signal(),
        query.user(),
        query.client(),
        query.description(),
        query.arrived(),
        query.waitedNanos(),
        query.elapsedNanos(),
        query.budget().samplesRead(),
        query.budget().bytesRead(),
        query.budget().seriesSelected(),
        query.budget().peakSamplesHeld(),
        outcome,
        error,
        metrics);
  }
}
