// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code | drop level, method="GET"}. */
public final class DropStage implements Stage {

  private record Choice(String name, @Nullable TextFilter filter) {}

  private final List<Choice> choices = new ArrayList<>();

  /**
   * @throws InvalidStage when a matcher's expression is malformed
   */
  public DropStage(List<LabelChoice> choices) {
    for (LabelChoice choice : choices) {
      this.choices.add(
          new Choice(
              choice.name(), choice.matcher() == null ? null : new TextFilter(choice.matcher())));
    }
  }

  @Override
  public boolean process(EntryState state) {
    for (Choice choice : choices) {
      switch (choice.name()) {
        case EntryState.ERROR -> {
          if (fits(choice, state.error())) {
            state.setError("");
          }
        }
        case EntryState.ERROR_DETAILS -> {
          if (fits(choice, state.errorDetails())) {
            state.setErrorDetails("");
          }
        }
        default -> {
          LabelName name = state.name(choice.name());
          if (state.find(name)
              && (choice.filter() == null
                  || choice
                      .filter()
                      .matches(state.foundBytes, state.foundFrom, state.foundLength))) {
            state.delete(name);
          }
        }
      }
    }
    return true;
  }

  private static boolean fits(Choice choice, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return choice.filter() == null || choice.filter().matches(bytes, 0, bytes.length);
  }
}
