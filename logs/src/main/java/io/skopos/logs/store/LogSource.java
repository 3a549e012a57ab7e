// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import io.skopos.engine.QueryBudget;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import java.util.Collection;
import java.util.List;

/**
 * What questions about log entries read from. Thread-safe; every call sees a state of the store
 * that stays until it returns.
 */
public interface LogSource {

  /**
   * Visits the entries of a selection, run by run. No entry is visited twice, of equal entries
   * (stream, time, line and metadata) one is. Entries that do not fit the selection's conditions
   * may be visited; those that fit are.
   *
   * @return what could not be read, for the answer's warnings; the answer goes on without it
   * @throws io.skopos.engine.QueryAborted when the budget is spent or the query was cancelled
   */
  List<String> scan(LogSelection selection, QueryBudget budget, RunVisitor visitor);

  /**
   * The label sets of the streams that fit all matchers and may have entries in the range.
   *
   * @param fromNs Unix nanoseconds, included
   * @param toNs Unix nanoseconds, included
   */
  Collection<Labels> streams(
      TenantId tenant, List<Matcher> matchers, long fromNs, long toNs, QueryBudget budget);

  /**
   * How much there is of each stream, from what is known without reading entries: pieces that lie
   * only partly in the range are counted by the share of their time that does.
   */
  List<String> volumes(
      TenantId tenant,
      List<Matcher> matchers,
      long fromNs,
      long toNs,
      QueryBudget budget,
      VolumeVisitor visitor);

  /** Takes runs as they are read; a run is valid until the visit returns. */
  @FunctionalInterface
  interface RunVisitor {

    /**
     * @return whether more are wanted
     */
    boolean visit(LogRun run);

    /**
     * With {@link LogSelection.Order#NEWEST_FIRST} or {@code OLDEST_FIRST}: entries beyond this
     * time (before it when the newest come first) are not wanted any more. Asked before each run.
     */
    default long bound() {
      return Long.MIN_VALUE;
    }
  }

  /** Takes pieces of streams. */
  @FunctionalInterface
  interface VolumeVisitor {

    /**
     * @param chunks how many blocks they lie in, as Loki's statistics count chunks
     */
    void visit(Labels stream, long fromNs, long toNs, long entries, long bytes, int chunks);
  }
}
