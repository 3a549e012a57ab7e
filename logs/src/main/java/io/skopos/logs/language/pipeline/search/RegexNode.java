// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.search;

import java.util.List;

/** A regular expression taken apart: what it fits, without groups and greed. */
sealed interface RegexNode {

  /** Nothing at all. */
  RegexNode EMPTY = new Sequence(List.of());

  /** One character of a set. */
  record OneOf(CodePoints set) implements RegexNode {}

  record Sequence(List<RegexNode> parts) implements RegexNode {}

  record Choice(List<RegexNode> parts) implements RegexNode {}

  /**
   * @param most negative for any number
   */
  record Repeat(RegexNode part, int least, int most) implements RegexNode {}

  /** A place, not a character. */
  record Place(PlaceKind kind) implements RegexNode {}

  enum PlaceKind {
    BEGIN_TEXT,
    END_TEXT,
    BEGIN_LINE,
    END_LINE,
    WORD_BOUNDARY,
    NO_WORD_BOUNDARY
  }
}
