// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.text.GoDuration;
import java.util.Set;

/** Compares a duration, as Go writes them. */
public final class DurationFilter implements LabelFilter {

  private final String label;
  private final Comparison comparison;
  private final long nanos;

  public DurationFilter(String label, Comparison comparison, long nanos) {
    this.label = label;
    this.comparison = comparison;
    this.nanos = nanos;
  }

  @Override
  public boolean process(EntryState state) {
    LabelName name = state.name(label);
    if (!state.find(name)) {
      return false;
    }
    long duration = GoDuration.parse(state.foundBytes, state.foundFrom, state.foundLength);
    if (duration == GoDuration.INVALID) {
      state.conversionError(Errors.LABEL_FILTER, GoDuration.problem(state.foundText()));
      return true;
    }
    return comparison.holdsOrder(Long.compare(duration, nanos));
  }

  @Override
  public Set<String> requiredLabels() {
    return Set.of(label);
  }
}
