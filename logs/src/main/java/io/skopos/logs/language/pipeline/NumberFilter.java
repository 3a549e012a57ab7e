// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.text.GoNumber;
import java.util.Set;

/** Compares a number. */
public final class NumberFilter implements LabelFilter {

  private final String label;
  private final Comparison comparison;
  private final double value;

  public NumberFilter(String label, Comparison comparison, double value) {
    this.label = label;
    this.comparison = comparison;
    this.value = value;
  }

  @Override
  public boolean process(EntryState state) {
    LabelName name = state.name(label);
    double number = state.columnNumber(name);
    if (Double.isNaN(number)) {
      if (!state.find(name)) {
        return false;
      }
      number = GoNumber.parse(state.foundBytes, state.foundFrom, state.foundLength);
      if (GoNumber.isInvalid(number)) {
        state.conversionError(Errors.LABEL_FILTER, GoNumber.problem(state.foundText()));
        return true;
      }
    }
    return comparison.holds(number, value);
  }

  @Override
  public Set<String> requiredLabels() {
    return Set.of(label);
  }
}
