// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.retention;

import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.StorageConfig.Retention.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * What the rules of one signal come to: of the rules that fit a series, the one with the greatest
 * priority decides, of equal ones the shortest; what no rule fits is kept for the common time. A
 * series that is kept longer by a rule that decides is spared by those that would hide it earlier.
 *
 * @param steps each hides what is older than its time
 */
record RetentionPlan(List<Step> steps) {

  /** Fits every series. */
  private static final List<Matcher> ALL =
      List.of(new Matcher(Matcher.Type.REGEX, "__name__", ".*"));

  /**
   * @param text the step in words, the same for the same step
   */
  record Step(List<Matcher> matchers, List<List<Matcher>> spared, Duration time, String text) {}

  static RetentionPlan of(
      StorageConfig.Retention retention, Signal signal, Function<Rule, List<Matcher>> selectors) {
    List<Rule> rules =
        retention.rules().stream()
            .filter(rule -> rule.signal() == signal)
            .sorted(Comparator.comparingInt(Rule::priority).reversed().thenComparing(Rule::time))
            .toList();
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      steps.add(
          step(
              selectors.apply(rule), rule.selector(), rule.time(), rules.subList(0, i), selectors));
    }
    Duration common = retention.timeOf(signal);
    if (!common.isZero() && rules.stream().anyMatch(rule -> rule.time().compareTo(common) > 0)) {
      steps.add(step(ALL, "everything else", common, rules, selectors));
    }
    return new RetentionPlan(steps);
  }

  private static Step step(
      List<Matcher> matchers,
      String text,
      Duration time,
      List<Rule> before,
      Function<Rule, List<Matcher>> selectors) {
    List<List<Matcher>> spared = new ArrayList<>();
    StringBuilder words = new StringBuilder(text).append('\n').append(time);
    for (Rule rule : before) {
      if (rule.time().compareTo(time) > 0) {
        spared.add(selectors.apply(rule));
        words.append("\nbut not ").append(rule.selector());
      }
    }
    return new Step(matchers, spared, time, words.toString());
  }
}
