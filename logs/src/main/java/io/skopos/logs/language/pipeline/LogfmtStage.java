// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.text.LogfmtText;
import io.skopos.logs.language.pipeline.text.Utf8;
import io.skopos.logs.store.EntryCondition;

/**
 * {@code | logfmt}: makes a label of every pair. A bad pair is passed over unless the stage is
 * strict.
 */
public final class LogfmtStage implements Stage {

  private final boolean strict;
  private final boolean keepEmpty;
  private final LogfmtText text = new LogfmtText();
  private final FieldKeys keys = new FieldKeys();

  /**
   * @param strict whether a bad pair is an error, which ends parsing
   * @param keepEmpty whether keys without a value become labels
   */
  public LogfmtStage(boolean strict, boolean keepEmpty) {
    this.strict = strict;
    this.keepEmpty = keepEmpty;
  }

  @Override
  public boolean process(EntryState state) {
    if (state.hints.noLabels() || state.parsedEnough()) {
      return true;
    }
    if (!strict && !keepEmpty && state.parseColumns(EntryCondition.Syntax.LOGFMT)) {
      return true;
    }
    byte[] bytes = state.bytes();
    FieldKey root = keys.root(state);
    FieldKey before = null;
    FieldKey guess = root.first;
    text.reset(bytes, state.from(), state.length());
    while (!text.atEnd()) {
      if (!text.next()) {
        if (strict) {
          break;
        }
        continue;
      }
      FieldKey key;
      if (guess != null
          && guess.raw.length == text.keyLength
          && guess.is(bytes, text.keyFrom, text.keyLength)) {
        key = guess;
      } else {
        key = keys.child(root, bytes, text.keyFrom, text.keyLength, state);
        if (before == null) {
          root.first = key;
        } else {
          before.next = key;
        }
      }
      before = key;
      guess = key.next;
      if (key.wanted && (keepEmpty || text.valueLength > 0)) {
        set(state, key);
        if (state.parsedEnough()) {
          break;
        }
      }
    }
    if (strict && !text.problem().isEmpty()) {
      state.parserError(Errors.LOGFMT, text.problem());
    }
    return true;
  }

  private void set(EntryState state, FieldKey key) {
    LabelName target = state.parsedName(key.name);
    if (target == null) {
      return;
    }
    if (Utf8.hasReplacement(text.value, text.valueFrom, text.valueLength)) {
      byte[] clean = Utf8.withoutReplacement(text.value, text.valueFrom, text.valueLength);
      state.set(EntryState.Category.PARSED, target, clean, 0, clean.length);
    } else {
      state.set(EntryState.Category.PARSED, target, text.value, text.valueFrom, text.valueLength);
    }
  }
}
