// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code | keep level, method="GET"}: drops all labels but these; errors stay. */
public final class KeepStage implements Stage {

  private record Choice(String name, @Nullable TextFilter filter) {}

  private final List<Choice> choices = new ArrayList<>();

  /**
   * @throws InvalidStage when a matcher's expression is malformed
   */
  public KeepStage(List<LabelChoice> choices) {
    for (LabelChoice choice : choices) {
      this.choices.add(
          new Choice(
              choice.name(), choice.matcher() == null ? null : new TextFilter(choice.matcher())));
    }
  }

  @Override
  public boolean process(EntryState state) {
    for (LabelName name : state.presentNames()) {
      if (!name.text.equals(EntryState.PRESERVE_ERROR) && !isKept(state, name)) {
        state.delete(name);
      }
    }
    return true;
  }

  private boolean isKept(EntryState state, LabelName name) {
    for (Choice choice : choices) {
      if (!choice.name().equals(name.text)) {
        continue;
      }
      if (choice.filter() == null
          || (state.find(name)
              && choice.filter().matches(state.foundBytes, state.foundFrom, state.foundLength))) {
        return true;
      }
    }
    return false;
  }
}
