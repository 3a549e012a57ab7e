// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A label's name as one {@link EntryState} knows it: one object for each name, which also tells
 * where the label's value is, so that finding one costs no search.
 */
final class LabelName {

  final String text;
  final byte[] utf8;
  final boolean wanted;

  /** The label of the stream with this name; -1 when it has none. */
  int base = -1;

  /** Where its value was added; valid while {@link #slotStamp} is the entry's. */
  int slot;

  long slotStamp;
  long deletedStamp;
  long extractedStamp;

  @Nullable LabelName extracted;

  LabelName(String text, boolean wanted) {
    this.text = text;
    this.utf8 = text.getBytes(StandardCharsets.UTF_8);
    this.wanted = wanted;
  }

  @Override
  public String toString() {
    return text;
  }
}
