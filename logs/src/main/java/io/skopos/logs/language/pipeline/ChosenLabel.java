// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A label that {@code drop} or {@code keep} name, with what its value has to fit, compiled. */
record ChosenLabel(String name, @Nullable TextFilter filter) {

  /**
   * @throws InvalidStage when a matcher's expression is malformed
   */
  static List<ChosenLabel> of(List<LabelChoice> choices) {
    return choices.stream()
        .map(choice ->
            new ChosenLabel(
                choice.name(), choice.matcher() == null ? null : new TextFilter(choice.matcher())))
        .toList();
  }

  /** Whether the value that the state found last fits. */
  boolean fitsFound(EntryState state) {
    return filter == null || filter.matches(state.foundBytes, state.foundFrom, state.foundLength);
  }

  boolean fits(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return filter == null || filter.matches(bytes, 0, bytes.length);
  }
}
