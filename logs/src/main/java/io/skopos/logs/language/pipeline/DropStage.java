// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.util.List;

/** {@code | drop level, method="GET"}. */
public final class DropStage implements Stage {

  private final List<ChosenLabel> choices;

  /**
   * @throws InvalidStage when a matcher's expression is malformed
   */
  public DropStage(List<LabelChoice> choices) {
    this.choices = ChosenLabel.of(choices);
  }

  @Override
  public boolean process(EntryState state) {
    for (ChosenLabel choice : choices) {
      switch (choice.name()) {
        case EntryState.ERROR -> {
          if (choice.fits(state.error())) {
            state.setError("");
          }
        }
        case EntryState.ERROR_DETAILS -> {
          if (choice.fits(state.errorDetails())) {
            state.setErrorDetails("");
          }
        }
        default -> {
          LabelName name = state.name(choice.name());
          if (state.find(name) && choice.fitsFound(state)) {
            state.delete(name);
          }
        }
      }
    }
    return true;
  }
}
