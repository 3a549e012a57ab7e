// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.text.IpFilter;
import java.util.Set;

/** Looks for an address within a value. Lets entries with an error pass. */
public final class IpLabelFilter implements LabelFilter {

  private final String label;
  private final boolean negated;
  private final IpFilter filter;

  /**
   * @throws InvalidStage when the pattern is neither an address nor a range nor a CIDR block
   */
  public IpLabelFilter(String label, boolean negated, String pattern) {
    this.label = label;
    this.negated = negated;
    try {
      this.filter = new IpFilter(pattern);
    } catch (IllegalArgumentException e) {
      throw new InvalidStage(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public boolean process(EntryState state) {
    if (state.hasError()) {
      return true;
    }
    return state.find(state.name(label))
        && filter.matches(state.foundBytes, state.foundFrom, state.foundLength) != negated;
  }

  @Override
  public Set<String> requiredLabels() {
    return Set.of(label);
  }
}
