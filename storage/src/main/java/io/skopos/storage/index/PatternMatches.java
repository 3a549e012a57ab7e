// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import java.util.BitSet;

/**
 * Which of a label's values a pattern accepts, worked out once and extended as values are added:
 * the regular expression sees every value of a head once, not once per question.
 */
final class PatternMatches {

  private final LabelPattern pattern;
  private final BitSet accepted = new BitSet();
  private int checked;

  PatternMatches(LabelPattern pattern) {
    this.pattern = pattern;
  }

  /**
   * @param values in order of addition; only the first {@code count} are looked at
   * @return a copy for the caller
   */
  synchronized BitSet upTo(MutableLabelIndex.Value[] values, int count) {
    for (; checked < count; checked++) {
      byte[] bytes = values[checked].bytes;
      if (pattern.matches(bytes, 0, bytes.length)) {
        accepted.set(checked);
      }
    }
    return accepted.get(0, count);
  }
}
