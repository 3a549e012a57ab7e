// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.text.JsonText;
import io.skopos.logs.language.pipeline.text.Utf8;

/** Texts of JSON as label values. */
final class JsonValues {

  private static final byte[] NONE = new byte[0];

  private JsonValues() {}

  /** Sets a label to a string without its quotes. One that cannot be unescaped is empty. */
  static void setText(
      EntryState state, LabelName name, byte[] bytes, int from, int length, boolean escapes) {
    byte[] value = bytes;
    int at = from;
    int size = length;
    if (escapes) {
      at = state.reserve(length);
      value = state.arena();
      size = JsonText.unescape(bytes, from, length, value, at);
      if (size < 0) {
        state.set(EntryState.Category.PARSED, name, NONE, 0, 0);
        return;
      }
    }
    if (Utf8.hasReplacement(value, at, size)) {
      byte[] clean = Utf8.withoutReplacement(value, at, size);
      state.set(EntryState.Category.PARSED, name, clean, 0, clean.length);
    } else {
      state.set(EntryState.Category.PARSED, name, value, at, size);
    }
  }
}
