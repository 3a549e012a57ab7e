// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

/** Where something stands in the query text: byte offsets in UTF-8, the end excluded. */
public record PositionRange(int start, int end) {

  /** From the start of this to the end of {@code last}. */
  public PositionRange to(PositionRange last) {
    return new PositionRange(start, last.end);
  }
}
