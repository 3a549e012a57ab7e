// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The stages of a log query, in order. Not thread-safe, as its stages are not: compile one for each
 * thread.
 */
public final class Pipeline {

  public static final Pipeline EMPTY = new Pipeline(List.of());

  private final Stage[] stages;

  public Pipeline(List<? extends Stage> stages) {
    this.stages = stages.toArray(new Stage[0]);
  }

  public boolean isEmpty() {
    return stages.length == 0;
  }

  public List<Stage> stages() {
    return List.of(stages);
  }

  /**
   * @return whether the entry stays; the state then holds its line and labels
   */
  public boolean process(EntryState state) {
    for (Stage stage : stages) {
      if (!stage.process(state)) {
        return false;
      }
    }
    return true;
  }

  /** Labels whose values some stage reads. */
  public Set<String> requiredLabels() {
    Set<String> names = new LinkedHashSet<>();
    for (Stage stage : stages) {
      names.addAll(stage.requiredLabels());
    }
    return names;
  }
}
