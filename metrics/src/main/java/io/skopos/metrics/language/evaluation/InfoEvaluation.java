// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

import com.google.re2j.Pattern;
import io.skopos.engine.LabelGroups;
import io.skopos.engine.LabelSelection;
import io.skopos.engine.LabelledRows;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepBlock;
import io.skopos.metrics.language.ast.Call;
import io.skopos.metrics.language.ast.VectorSelector;
import io.skopos.metrics.language.leaf.LeafRequest;
import io.skopos.metrics.language.leaf.Reading;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.Matcher;
import io.skopos.storage.index.LabelPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * {@code info(v, {data labels})}: lends series the labels of info metrics (by default {@code
 * target_info}) that have the same {@code instance} and {@code job}. Of several info series of one
 * metric the one with the newest sample counts.
 */
final class InfoEvaluation {

  private static final List<String> IDENTIFYING = List.of("instance", "job");
  private static final Matcher TARGET_INFO = Matcher.equal(Label.METRIC_NAME, "target_info");

  private static final Matcher ANY_INFO =
      new Matcher(Matcher.Type.REGEX, Label.METRIC_NAME, ".+_info");

  private final Evaluator evaluator;
  private final QueryContext context;

  InfoEvaluation(Evaluator evaluator) {
    this.evaluator = evaluator;
    this.context = evaluator.context();
  }

  StepBlock evaluate(Call call) {
    StepBlock base = evaluator.vector(call.arguments().getFirst());
    List<Matcher> nameMatchers = List.of(TARGET_INFO);
    List<Matcher> dataMatchers = List.of();
    if (call.arguments().size() > 1) {
      List<Matcher> all = ((VectorSelector) call.arguments().get(1).unwrapped()).matchers();
      nameMatchers = all.stream().filter(InfoEvaluation::isOnName).toList();
      dataMatchers = all.stream().filter(matcher -> !isOnName(matcher)).toList();
    }
    boolean[] ignored = new boolean[base.size()];
    for (int series = 0; series < base.size(); series++) {
      // What is an info metric itself is not enriched.
      String name = base.labels(series).getOrEmpty(Label.METRIC_NAME);
      ignored[series] =
          nameMatchers.stream().anyMatch(InfoEvaluation::isPositive)
              && nameMatchers.stream().allMatch(m -> matches(m, name));
    }
    InfoReference reference = InfoReference.of(call.arguments().getFirst());
    StepBlock info = select(base, ignored, infoNames(nameMatchers), dataMatchers, reference);
    StepBlock result = new Enrichment(base, ignored, info, dataMatchers).run();
    return evaluator.replace(result, base, info);
  }

  /** What is asked for; if that is only what is not meant, then any other info metric. */
  private static List<Matcher> infoNames(List<Matcher> nameMatchers) {
    if (nameMatchers.isEmpty()) {
      return List.of(TARGET_INFO);
    }
    if (nameMatchers.stream().anyMatch(InfoEvaluation::isPositive)) {
      return nameMatchers;
    }
    List<Matcher> names = new ArrayList<>(nameMatchers);
    names.add(ANY_INFO);
    return names;
  }

  /** The info series of the base series' targets; values are the times of their samples. */
  private StepBlock select(
      StepBlock base,
      boolean[] ignored,
      List<Matcher> nameMatchers,
      List<Matcher> dataMatchers,
      InfoReference reference) {
    List<Matcher> matchers = new ArrayList<>(nameMatchers);
    boolean identified = false;
    for (String label : IDENTIFYING) {
      Set<String> values = new TreeSet<>();
      for (int series = 0; series < base.size(); series++) {
        if (!ignored[series] && base.labels(series).has(label)) {
          values.add(base.labels(series).getOrEmpty(label));
        }
      }
      if (!values.isEmpty()) {
        identified = true;
        String pattern = values.stream().map(Pattern::quote).collect(Collectors.joining("|"));
        matchers.add(new Matcher(Matcher.Type.REGEX, label, pattern));
      }
    }
    if (!identified) {
      return StepBlock.empty(evaluator.grid());
    }
    matchers.addAll(dataMatchers);
    LeafRequest request =
        new LeafRequest(
            context.tenant(),
            matchers,
            evaluator.grid(),
            new Reading.InfoTime(),
            reference.offsetMs(),
            new SelectorEvaluation(evaluator).at(reference.at()),
            context.lookbackMs(),
            context.lookbackMs(),
            false,
            null);
    return new SelectorEvaluation(evaluator).execute(request);
  }

  private static boolean isPositive(Matcher matcher) {
    return matcher.type() == Matcher.Type.EQUAL || matcher.type() == Matcher.Type.REGEX;
  }

  private static boolean isOnName(Matcher matcher) {
    return matcher.name().equals(Label.METRIC_NAME);
  }

  private static boolean matches(Matcher matcher, String value) {
    return switch (matcher.type()) {
      case EQUAL -> value.equals(matcher.value());
      case NOT_EQUAL -> !value.equals(matcher.value());
      case REGEX -> fits(matcher.value(), value);
      case NOT_REGEX -> !fits(matcher.value(), value);
    };
  }

  private static boolean fits(String pattern, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return LabelPattern.compile(pattern).matches(bytes, 0, bytes.length);
  }

  /** Joins base series with the info series of their target, step by step. */
  private static final class Enrichment {

    private final StepBlock base;
    private final boolean[] ignored;
    private final StepBlock info;
    private final Set<String> wanted;
    private final boolean keepsUnmatched;
    private final LabelGroups infoGroups =
        new LabelGroups(LabelSelection.keeping(List.of(Label.METRIC_NAME, "instance", "job")));
    private final LabelGroups targets = new LabelGroups(LabelSelection.keeping(IDENTIFYING));
    private final List<List<Integer>> groupsOfTarget = new ArrayList<>();
    private final int[] newest;
    private final LabelledRows rows;

    Enrichment(StepBlock base, boolean[] ignored, StepBlock info, List<Matcher> dataMatchers) {
      this.base = base;
      this.ignored = ignored;
      this.info = info;
      this.wanted = dataMatchers.stream().map(Matcher::name).collect(Collectors.toSet());
      this.keepsUnmatched = dataMatchers.stream().allMatch(m -> matches(m, ""));
      int[] groupOf = infoGroups.idsOf(info);
      this.newest = new int[infoGroups.size() * base.steps()];
      this.rows = new LabelledRows(base.grid(), base.size());
      Arrays.fill(newest, -1);
      for (int series = 0; series < info.size(); series++) {
        for (int step = 0; step < info.steps(); step++) {
          if (info.present(series, step)) {
            offer(groupOf[series] * base.steps() + step, series, step);
          }
        }
      }
      for (int group = 0; group < infoGroups.size(); group++) {
        int target = targets.idOf(infoGroups.labels(group));
        while (groupsOfTarget.size() <= target) {
          groupsOfTarget.add(new ArrayList<>());
        }
        groupsOfTarget.get(target).add(group);
      }
    }

    private void offer(int cell, int series, int step) {
      int known = newest[cell];
      if (known < 0 || info.value(known, step) < info.value(series, step)) {
        newest[cell] = series;
      } else if (info.value(known, step) == info.value(series, step)) {
        throw new QueryFailed(
            "found duplicate series for info metric: existing "
                + info.labels(known)
                + " @ "
                + Math.round(info.value(known, step) * 1000)
                + ", new "
                + info.labels(series)
                + " @ "
                + Math.round(info.value(series, step) * 1000));
      }
    }

    StepBlock run() {
      for (int series = 0; series < base.size(); series++) {
        Labels labels = base.labels(series);
        int target = targets.idOf(labels);
        List<Integer> groups =
            target < groupsOfTarget.size() ? groupsOfTarget.get(target) : List.of();
        if (ignored[series]) {
          copy(series);
        } else {
          enrich(series, groups);
        }
      }
      return rows.build();
    }

    private void copy(int series) {
      int row = rows.row(base.labels(series), base.nameDropped(series));
      for (int step = 0; step < base.steps(); step++) {
        if (base.present(series, step)) {
          rows.copy(row, step, base, series);
        }
      }
    }

    private void enrich(int series, List<Integer> groups) {
      int[] lenders = new int[groups.size()];
      int[] previous = new int[groups.size()];
      int row = -1;
      for (int step = 0; step < base.steps(); step++) {
        if (!base.present(series, step)) {
          continue;
        }
        boolean matched = false;
        for (int i = 0; i < lenders.length; i++) {
          lenders[i] = newest[groups.get(i) * base.steps() + step];
          matched |= lenders[i] >= 0;
        }
        if (!matched && !keepsUnmatched) {
          continue;
        }
        if (row < 0 || !Arrays.equals(lenders, previous)) {
          row = rows.row(enriched(base.labels(series), lenders), base.nameDropped(series));
          System.arraycopy(lenders, 0, previous, 0, lenders.length);
        }
        rows.copy(row, step, base, series);
      }
    }

    private Labels enriched(Labels labels, int[] lenders) {
      LabelsBuilder result = new LabelsBuilder(labels);
      Set<String> lent = new HashSet<>();
      for (int lender : lenders) {
        if (lender < 0) {
          continue;
        }
        for (Label label : info.labels(lender)) {
          if (label.name().equals(Label.METRIC_NAME)
              || (!wanted.isEmpty() && !wanted.contains(label.name()))) {
            continue;
          }
          if (lent.contains(label.name()) && !label.value().equals(result.get(label.name()))) {
            throw new QueryFailed("conflicting label: " + label.name());
          }
          if (!labels.has(label.name())) {
            result.set(label.name(), label.value());
            lent.add(label.name());
          }
        }
      }
      return result.build();
    }
  }
}
