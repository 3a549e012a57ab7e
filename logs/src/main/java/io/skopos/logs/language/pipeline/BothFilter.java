// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.util.LinkedHashSet;
import java.util.Set;

/** {@code and}: both filters are always run, so that either can tell an error. */
public final class BothFilter implements LabelFilter {

  private final LabelFilter left;
  private final LabelFilter right;

  public BothFilter(LabelFilter left, LabelFilter right) {
    this.left = left;
    this.right = right;
  }

  @Override
  public boolean process(EntryState state) {
    boolean leftHolds = left.process(state);
    boolean rightHolds = right.process(state);
    return leftHolds && rightHolds;
  }

  @Override
  public Set<String> requiredLabels() {
    Set<String> names = new LinkedHashSet<>(left.requiredLabels());
    names.addAll(right.requiredLabels());
    return names;
  }
}
