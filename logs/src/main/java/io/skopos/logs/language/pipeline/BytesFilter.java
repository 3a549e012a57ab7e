// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.text.ByteSizeText;
import java.util.Set;

/** Compares a size in bytes, as in {@code 3MB}. */
public final class BytesFilter implements LabelFilter {

  private final String label;
  private final Comparison comparison;
  private final long bytes;

  public BytesFilter(String label, Comparison comparison, long bytes) {
    this.label = label;
    this.comparison = comparison;
    this.bytes = bytes;
  }

  @Override
  public boolean process(EntryState state) {
    LabelName name = state.name(label);
    if (!state.find(name)) {
      return false;
    }
    double size = ByteSizeText.parse(state.foundBytes, state.foundFrom, state.foundLength);
    if (size == ByteSizeText.INVALID) {
      state.conversionError(Errors.LABEL_FILTER, ByteSizeText.problem(state.foundText()));
      return true;
    }
    return comparison.holds(size, (double) bytes);
  }

  @Override
  public Set<String> requiredLabels() {
    return Set.of(label);
  }
}
