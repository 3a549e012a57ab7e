// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.engine.QueryBudget;
import io.skopos.logs.language.QueryStatistics;
import io.skopos.logs.store.LogRun;
import java.util.BitSet;

/** What a query read, which its budget bounds, and kept. Not thread-safe. */
public final class ScanCounts {

  private final QueryBudget budget;
  private long lines;
  private long bytes;
  private long kept;
  private long streams;

  /** The streams of one scan, which numbers them. */
  private BitSet seen = new BitSet();

  ScanCounts(QueryBudget budget) {
    this.budget = budget;
  }

  void beginScan() {
    streams += seen.cardinality();
    seen = new BitSet();
  }

  void read(LogRun run) {
    read(run, run.size());
  }

  /** Only some of a run's entries were looked at. */
  void read(LogRun run, int entries) {
    lines += entries;
    long some = run.size() == 0 ? 0 : (long) ((double) run.roughLineBytes() / run.size() * entries);
    bytes += some;
    seen.set(run.streamNumber());
    budget.readBytes(some);
  }

  void kept(long entries) {
    kept += entries;
  }

  public QueryStatistics statistics(long parseNanos, long evalNanos) {
    return new QueryStatistics(
        lines, bytes, kept, streams + seen.cardinality(), parseNanos, evalNanos);
  }
}
