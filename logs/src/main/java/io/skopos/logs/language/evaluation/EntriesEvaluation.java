// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.engine.QueryBudget;
import io.skopos.logs.language.Direction;
import io.skopos.logs.language.EntriesRequest;
import io.skopos.logs.language.LogEntry;
import io.skopos.logs.language.LogEntry.EntryLabels;
import io.skopos.logs.language.LogStream;
import io.skopos.logs.language.ast.LogExpr;
import io.skopos.logs.language.pipeline.EntryState;
import io.skopos.logs.language.pipeline.ParserHints;
import io.skopos.logs.language.pipeline.Pipeline;
import io.skopos.logs.store.LogRun;
import io.skopos.logs.store.LogSelection;
import io.skopos.logs.store.LogSource;
import io.skopos.model.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * The entries of a log query. Of a limited one the best so far are kept, and the source is told the
 * time beyond which no entry can be among them any more.
 */
public final class EntriesEvaluation {

  private static final int CHECK_EVERY = 1024;

  /** What an entry costs beside its line and labels. */
  private static final int ENTRY_BYTES = 128;

  /** Label sets that are shared among entries, as long as there are no more. */
  private static final int MAX_SHARED_LABELS = 65_536;

  /**
   * An entry that is among the best so far.
   *
   * @param number in the order of coming: of equal times the one that came first is better
   */
  private record Kept(LogEntry entry, long number) {}

  private final QueryContext context;
  private final EntriesRequest request;
  private final LogPlan plan;
  private final boolean newestFirst;
  private final EntryState entry = new EntryState();
  private final Map<EntryLabels, EntryLabels> labels = new HashMap<>();

  /** The worst on top. */
  private final PriorityQueue<Kept> kept;

  private final Comparator<Kept> order;
  private long numbered;

  public EntriesEvaluation(QueryContext context, LogExpr log, EntriesRequest request) {
    this.context = context;
    this.request = request;
    Pipeline pipeline = PipelineCompiler.compile(log.stages());
    plan = LogPlan.of(log, pipeline, ParserHints.ALL);
    newestFirst = request.direction() == Direction.BACKWARD;
    Comparator<Kept> byTime = Comparator.comparingLong(one -> one.entry().timeNs());
    order = (newestFirst ? byTime.reversed() : byTime).thenComparingLong(Kept::number);
    kept = new PriorityQueue<>(order.reversed());
  }

  public List<LogStream> evaluate() {
    if (request.endNs() <= request.startNs()) {
      return List.of();
    }
    LogSelection selection =
        plan.selection(
            context.tenant(),
            request.startNs(),
            request.endNs() - 1,
            newestFirst ? LogSelection.Order.NEWEST_FIRST : LogSelection.Order.OLDEST_FIRST);
    context.counts().beginScan();
    context
        .source()
        .scan(selection, context.budget(), new Visitor())
        .forEach(context.annotations()::warn);
    return streams(ordered());
  }

  private final class Visitor implements LogSource.RunVisitor {

    @Override
    public boolean visit(LogRun run) {
      EntriesEvaluation.this.visit(run);
      return true;
    }

    @Override
    public long bound() {
      long unbounded = newestFirst ? Long.MIN_VALUE : Long.MAX_VALUE;
      return isFull() ? kept.element().entry().timeNs() : unbounded;
    }
  }

  private boolean isFull() {
    return request.limit() > 0 && request.intervalNs() == 0 && kept.size() >= request.limit();
  }

  private void visit(LogRun run) {
    long best = newestFirst ? run.maxTimeNs() : run.minTimeNs();
    if (isBetter(best)) {
      context.counts().read(run, keep(run));
    }
  }

  /** Returns how many entries had to be looked at. */
  private int keep(LogRun run) {
    long[] times = run.timesNs();
    entry.run(run);
    for (int i = 0; i < run.size(); i++) {
      int at = newestFirst ? run.size() - 1 - i : i;
      if ((i & (CHECK_EVERY - 1)) == CHECK_EVERY - 1) {
        context.budget().checkRunning();
      }
      if (!isBetter(times[at])) {
        return i;
      }
      if (plan.pipeline().process(entry.entry(at))) {
        keep(times[at]);
      }
    }
    return run.size();
  }

  private boolean isBetter(long timeNs) {
    if (!isFull()) {
      return true;
    }
    long worst = kept.element().entry().timeNs();
    return newestFirst ? timeNs > worst : timeNs < worst;
  }

  private void keep(long timeNs) {
    context.counts().kept(1);
    QueryBudget budget = context.budget();
    if (isFull()) {
      budget.addBytes(-cost(kept.remove().entry()));
    }
    LogEntry found = new LogEntry(timeNs, entry.line(), labels());
    budget.addBytes(cost(found));
    kept.add(new Kept(found, numbered++));
  }

  private static long cost(LogEntry entry) {
    return entry.line().length() + 2L * entry.labels().all().canonicalBytes().length + ENTRY_BYTES;
  }

  private EntryLabels labels() {
    EntryLabels parts = EntryParts.of(entry);
    if (labels.size() == MAX_SHARED_LABELS) {
      labels.clear();
    }
    EntryLabels known = labels.putIfAbsent(parts, parts);
    return known == null ? parts : known;
  }

  private List<LogEntry> ordered() {
    List<LogEntry> entries = kept.stream().sorted(order).map(Kept::entry).toList();
    if (request.intervalNs() == 0) {
      return entries;
    }
    List<LogEntry> spaced = new ArrayList<>();
    for (LogEntry next : entries) {
      boolean full = request.limit() > 0 && spaced.size() == request.limit();
      if (full) {
        break;
      }
      if (spaced.isEmpty()
          || Math.abs(next.timeNs() - spaced.getLast().timeNs()) >= request.intervalNs()) {
        spaced.add(next);
      }
    }
    return spaced;
  }

  private static List<LogStream> streams(List<LogEntry> entries) {
    Map<Labels, List<LogEntry>> byLabels = new TreeMap<>();
    for (LogEntry found : entries) {
      byLabels.computeIfAbsent(found.labels().all(), _ -> new ArrayList<>()).add(found);
    }
    List<LogStream> streams = new ArrayList<>(byLabels.size());
    byLabels.forEach((all, of) -> streams.add(new LogStream(all, of)));
    return streams;
  }
}
