// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.pattern;

import io.skopos.engine.QueryBudget;
import io.skopos.logs.store.LogRun;
import io.skopos.logs.store.LogSelection;
import io.skopos.logs.store.LogSource;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Answers which patterns the lines of streams have, by step and level. Looks at so many lines at
 * most, evenly taken from all there are, and says so when these were not all.
 */
public final class Patterns {

  /**
   * @param lines looked at for one question
   * @param patterns in an answer, those with the most lines
   */
  public record Limits(int lines, int patterns) {
    public static final Limits DEFAULT = new Limits(200_000, 300);
  }

  /**
   * @param fromNs Unix nanoseconds, included
   * @param toNs Unix nanoseconds, included
   */
  public record Question(
      TenantId tenant, List<Matcher> matchers, long fromNs, long toNs, long stepNs) {
    public Question {
      matchers = List.copyOf(matchers);
    }
  }

  /**
   * @param counts lines by the beginning of their step, in Unix nanoseconds, which are multiples of
   *     the step
   */
  public record Pattern(String text, String level, long lines, TreeMap<Long, Long> counts) {}

  /**
   * @param linesRead of those the streams have in the range
   * @param sampled whether these were not all, and all counts are estimates
   */
  public record Answer(
      List<Pattern> patterns, long linesRead, boolean sampled, List<String> warnings) {}

  private static final String UNKNOWN = "unknown";
  private static final List<String> LEVEL_LABELS = List.of("detected_level", "level", "severity");
  private static final int MAX_LEVELS = 16;

  private final LogSource source;
  private final PatternMiner.Settings settings;
  private final Limits limits;

  public Patterns(LogSource source, PatternMiner.Settings settings, Limits limits) {
    this.source = source;
    this.settings = settings;
    this.limits = limits;
  }

  /**
   * @throws io.skopos.engine.QueryAborted when the budget is spent or the query was cancelled
   */
  public Answer ask(Question question, QueryBudget budget) {
    long[] entries = {0};
    List<String> warnings =
        new ArrayList<>(
            source.volumes(
                question.tenant(),
                question.matchers(),
                question.fromNs(),
                question.toNs(),
                budget,
                (_, _, _, count, _, _) -> entries[0] += count));
    Scan scan = new Scan(question, Math.max(1, Math.ceilDiv(entries[0], limits.lines())), budget);
    LogSelection selection =
        new LogSelection(
            question.tenant(),
            question.matchers(),
            question.fromNs(),
            question.toNs(),
            LogSelection.Order.BY_STREAM,
            List.of(),
            Set.of());
    for (String warning : source.scan(selection, budget, scan)) {
      if (!warnings.contains(warning)) {
        warnings.add(warning);
      }
    }
    return scan.answer(warnings);
  }

  private final class Scan implements LogSource.RunVisitor {

    private final Question question;
    private final QueryBudget budget;
    private final long firstStep;
    private final Map<String, PatternMiner> miners = new TreeMap<>();
    private final LogRun.LineView view = new LogRun.LineView();
    private long stride;
    private long untilNext;
    private long looked;
    private boolean sampled;

    private Scan(Question question, long stride, QueryBudget budget) {
      this.question = question;
      this.stride = stride;
      this.budget = budget;
      this.firstStep = Math.floorDiv(question.fromNs(), question.stepNs());
    }

    @Override
    public boolean visit(LogRun run) {
      String streamLevel = level(run.stream());
      long[] times = null;
      for (int entry = 0; entry < run.size(); entry++) {
        if (untilNext > 0) {
          untilNext--;
          sampled = true;
          continue;
        }
        if (times == null) {
          times = run.timesNs();
        }
        look(run, entry, times[entry], streamLevel);
      }
      budget.checkRunning();
      return true;
    }

    private void look(LogRun run, int entry, long timeNs, String streamLevel) {
      String level = streamLevel;
      if (run.hasMetadata()) {
        String of = level(run.metadata(entry));
        level = of.equals(UNKNOWN) ? level : of;
      }
      PatternMiner miner = miners.get(level);
      if (miner == null) {
        level = miners.size() < MAX_LEVELS ? level : UNKNOWN;
        miner = miners.computeIfAbsent(level, _ -> new PatternMiner(settings));
      }
      run.line(entry, view);
      int step = (int) (Math.floorDiv(timeNs, question.stepNs()) - firstStep);
      miner.add(view.bytes, view.from, view.length, step, stride);
      untilNext = stride - 1;
      if (++looked % 1024 == 0) {
        budget.checkRunning();
      }
      if (looked % limits.lines() == 0) {
        // There are more than was thought.
        stride *= 2;
      }
    }

    private Answer answer(List<String> warnings) {
      List<Pattern> found = new ArrayList<>();
      long skipped = 0;
      for (Map.Entry<String, PatternMiner> of : miners.entrySet()) {
        skipped += of.getValue().skipped();
        for (PatternMiner.Mined mined : of.getValue().patterns()) {
          TreeMap<Long, Long> counts = new TreeMap<>();
          mined
              .counts()
              .forEach((step, count) -> counts.put((firstStep + step) * question.stepNs(), count));
          found.add(new Pattern(mined.pattern(), of.getKey(), mined.lines(), counts));
        }
      }
      found.sort(
          Comparator.comparingLong(Pattern::lines)
              .reversed()
              .thenComparing(Pattern::text)
              .thenComparing(Pattern::level));
      if (sampled) {
        warnings.add(
            "patterns are of "
                + looked
                + " lines, evenly taken from those selected: counts are estimates");
      }
      if (skipped > 0) {
        warnings.add(
            "patterns leave out some "
                + skipped
                + " lines, which are empty, longer than "
                + settings.lineBytes()
                + " bytes or of patterns too rare to keep");
      }
      List<Pattern> kept = found.subList(0, Math.min(found.size(), limits.patterns()));
      return new Answer(List.copyOf(kept), looked, sampled, List.copyOf(warnings));
    }
  }

  private static String level(Labels labels) {
    if (labels.isEmpty()) {
      return UNKNOWN;
    }
    for (String name : LEVEL_LABELS) {
      String level = labels.get(name);
      if (level != null && !level.isEmpty()) {
        return level;
      }
    }
    return UNKNOWN;
  }
}
