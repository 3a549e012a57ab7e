// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.search.CapturePattern;

/** {@code | pattern "<ip> - <_>"}: captures become labels. */
public final class PatternStage implements Stage {

  private final CapturePattern pattern;

  /**
   * @throws InvalidStage when the pattern is malformed or has no capture
   */
  public PatternStage(String expression) {
    try {
      this.pattern = new CapturePattern(expression);
    } catch (IllegalArgumentException e) {
      throw new InvalidStage(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public boolean process(EntryState state) {
    if (state.hints.noLabels() || state.parsedEnough()) {
      return true;
    }
    byte[] bytes = state.bytes();
    int found = pattern.match(bytes, state.from(), state.length());
    for (int i = 0; i < found; i++) {
      LabelName target = state.parsedName(state.name(pattern.names().get(i)));
      if (target != null) {
        state.set(EntryState.Category.PARSED, target, bytes, pattern.start(i), pattern.length(i));
      }
    }
    return true;
  }
}
