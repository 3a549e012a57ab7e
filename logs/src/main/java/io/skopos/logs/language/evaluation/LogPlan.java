// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.logs.language.ast.LogExpr;
import io.skopos.logs.language.ast.Stage;
import io.skopos.logs.language.pipeline.ParserHints;
import io.skopos.logs.language.pipeline.Pipeline;
import io.skopos.logs.store.EntryCondition;
import io.skopos.logs.store.LogSelection;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A log expression made ready: the pipeline, and what the source is to be asked for.
 *
 * @param isAllConditions whether an entry that fits the conditions comes out of the pipeline as it
 *     is
 * @param fields that parsers will ask for; null for all
 */
record LogPlan(
    List<Matcher> matchers,
    Pipeline pipeline,
    List<EntryCondition> conditions,
    boolean isAllConditions,
    @Nullable Set<String> fields) {

  /**
   * @param hints what is wanted of the labels that parsers make
   */
  static LogPlan of(LogExpr log, Pipeline pipeline, ParserHints hints) {
    List<EntryCondition> conditions = Conditions.of(log.stages());
    return new LogPlan(
        log.matchers(),
        pipeline,
        conditions,
        sayAll(conditions, log.stages()),
        parsesFields(log.stages()) ? hints.required() : Set.of());
  }

  /** Whether the conditions ask as much of an entry as the stages do. */
  private static boolean sayAll(List<EntryCondition> conditions, List<Stage> stages) {
    return !conditions.isEmpty()
        && conditions.size() == stages.size()
        && conditions.stream().allMatch(EntryCondition.LineContains.class::isInstance);
  }

  private static boolean parsesFields(List<Stage> stages) {
    return stages.stream()
        .anyMatch(stage ->
            (stage instanceof Stage.Json json && json.fields().isEmpty())
                || (stage instanceof Stage.Logfmt logfmt && logfmt.fields().isEmpty()));
  }

  /**
   * @param fromNs included
   * @param toNs included
   */
  LogSelection selection(TenantId tenant, long fromNs, long toNs, LogSelection.Order order) {
    return new LogSelection(tenant, matchers, fromNs, toNs, order, conditions, fields);
  }
}
