// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.util.LinkedHashSet;
import java.util.Set;

/** {@code or}: the right filter is run when the left one does not hold. */
public final class EitherFilter implements LabelFilter {

  private final LabelFilter left;
  private final LabelFilter right;

  public EitherFilter(LabelFilter left, LabelFilter right) {
    this.left = left;
    this.right = right;
  }

  @Override
  public boolean process(EntryState state) {
    return left.process(state) || right.process(state);
  }

  @Override
  public Set<String> requiredLabels() {
    Set<String> names = new LinkedHashSet<>(left.requiredLabels());
    names.addAll(right.requiredLabels());
    return names;
  }
}
