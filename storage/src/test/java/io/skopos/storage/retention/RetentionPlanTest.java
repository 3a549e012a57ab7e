// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.config.ByteSize;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.StorageConfig.Retention.Rule;
import io.skopos.storage.index.LabelSelection;
import io.skopos.storage.index.MutableLabelIndex;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetentionPlanTest {

  @Test
  void rulesWithoutPrioritiesSpareNothing() {
    RetentionPlan plan =
        RetentionPlan.of(
            retention(30, List.of(rule("a=1", 3, 0), rule("b=1", 2, 0))),
            Signal.LOGS,
            RetentionPlanTest::matchers);
    assertThat(plan.steps()).hasSize(2).allMatch(step -> step.spared().isEmpty());
    assertThat(plan.steps()).extracting(RetentionPlan.Step::text).contains("a=1\nPT72H");
  }

  /** Against the rule as it is told: the greatest priority, then the shortest time. */
  @Test
  void theStepsTogetherHideWhatTheDecidingRuleWould() throws IOException {
    Random random = new Random(11);
    for (int round = 0; round < 500; round++) {
      List<Rule> rules = new ArrayList<>();
      int count = 1 + random.nextInt(5);
      for (int i = 0; i < count; i++) {
        rules.add(
            rule(
                "" + (char) ('a' + random.nextInt(3)) + "=" + random.nextInt(2),
                1 + random.nextInt(9),
                random.nextInt(3)));
      }
      int common = random.nextInt(10);
      RetentionPlan plan =
          RetentionPlan.of(retention(common, rules), Signal.LOGS, RetentionPlanTest::matchers);
      MutableLabelIndex index = new MutableLabelIndex();
      List<Labels> streams = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Labels labels = Labels.of("a", "" + (i & 1), "b", "" + (i >> 1 & 1), "c", "" + (i >> 2));
        byte[] canonical = labels.canonicalBytes();
        index.add(i, canonical, 0, canonical.length);
        streams.add(labels);
      }
      for (int i = 0; i < 8; i++) {
        Labels labels = streams.get(i);
        int expected =
            rules.stream()
                .filter(rule -> matchers(rule).stream().allMatch(m -> fits(m, labels)))
                .min(Comparator.comparingInt(Rule::priority).reversed().thenComparing(Rule::time))
                .map(rule -> (int) rule.time().toDays())
                .orElse(common);
        int days = Integer.MAX_VALUE;
        for (RetentionPlan.Step step : plan.steps()) {
          if (LabelSelection.select(index, step.matchers(), step.spared()).contains(i)) {
            days = Math.min(days, (int) step.time().toDays());
          }
        }
        int longest = (int) retention(common, rules).longestTimeOf(Signal.LOGS).toDays();
        if (longest != 0) {
          days = Math.min(days, longest);
        }
        assertThat(days == Integer.MAX_VALUE ? 0 : days)
            .as("%s of %s, else %s", labels, rules, common)
            .isEqualTo(expected);
      }
    }
  }

  private static boolean fits(Matcher matcher, Labels labels) {
    return matcher.value().equals(labels.get(matcher.name()));
  }

  private static List<Matcher> matchers(Rule rule) {
    return List.of(Matcher.equal(rule.selector().substring(0, 1), rule.selector().substring(2)));
  }

  private static Rule rule(String selector, int days, int priority) {
    return new Rule(selector, Duration.ofDays(days), Signal.LOGS, priority);
  }

  private static StorageConfig.Retention retention(int logsDays, List<Rule> rules) {
    return new StorageConfig.Retention(
        Duration.ZERO,
        new ByteSize(0),
        Duration.ZERO,
        Duration.ofDays(logsDays),
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        rules,
        Duration.ofMinutes(5));
  }
}
