// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.util.List;

/** {@code | keep level, method="GET"}: drops all labels but these; errors stay. */
public final class KeepStage implements Stage {

  private final List<ChosenLabel> choices;

  /**
   * @throws InvalidStage when a matcher's expression is malformed
   */
  public KeepStage(List<LabelChoice> choices) {
    this.choices = ChosenLabel.of(choices);
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
    for (ChosenLabel choice : choices) {
      // Without a filter it need not be looked for.
      if (choice.name().equals(name.text)
          && (choice.filter() == null || (state.find(name) && choice.fitsFound(state)))) {
        return true;
      }
    }
    return false;
  }
}
