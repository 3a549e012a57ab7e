// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.rules;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rules that are evaluated one after another at the same times. Plain data.
 *
 * @param interval between evaluations; null for the server's
 * @param queryOffset how far before its time a rule is evaluated; null for the server's
 * @param limit series or alerts a rule may bring; 0 means any number
 * @param labels added to those of all rules, which win over them
 * @param line of the file it begins at, from 1
 */
public record RuleGroup(
    String name,
    @Nullable Duration interval,
    @Nullable Duration queryOffset,
    int limit,
    Map<String, String> labels,
    List<Rule> rules,
    int line) {

  public RuleGroup {
    labels = Map.copyOf(labels);
    rules = List.copyOf(rules);
  }
}
