// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.relabel;

import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules in order, compiled. Thread-safe. */
public final class Relabelling {

  public static final Relabelling NONE = new Relabelling(List.of());

  private final List<CompiledRule> rules;

  public Relabelling(List<RelabelRule> rules) {
    this.rules = rules.stream().map(CompiledRule::new).toList();
  }

  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Null when a rule dropped it. */
  public @Nullable Labels apply(Labels labels) {
    if (rules.isEmpty()) {
      return labels;
    }
    LabelsBuilder builder = new LabelsBuilder(labels);
    return apply(builder) ? builder.build() : null;
  }

  /** What one rule makes of labels, and whether it keeps them. */
  public record Step(RelabelRule rule, Labels output, boolean keep) {}

  /** What each rule makes of the labels, up to the one that drops them. */
  public List<Step> steps(Labels labels) {
    List<Step> steps = new ArrayList<>();
    LabelsBuilder builder = new LabelsBuilder(labels);
    for (CompiledRule rule : rules) {
      boolean keep = rule.apply(builder);
      steps.add(new Step(rule.rule(), keep ? builder.build() : Labels.EMPTY, keep));
      if (!keep) {
        break;
      }
    }
    return steps;
  }

  /** Changes the labels; false when a rule dropped them. */
  public boolean apply(LabelsBuilder labels) {
    for (CompiledRule rule : rules) {
      if (!rule.apply(labels)) {
        return false;
      }
    }
    return true;
  }
}
