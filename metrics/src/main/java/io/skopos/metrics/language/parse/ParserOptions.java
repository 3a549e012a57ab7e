// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

/**
 * What the parser accepts. The switches are those of Prometheus' feature flags.
 *
 * @param experimentalFunctions functions and aggregations marked experimental
 * @param durationExpressions arithmetic in ranges, steps and offsets
 * @param extendedRanges the modifiers {@code anchored} and {@code smoothed}
 * @param fillModifiers {@code fill}, {@code fill_left} and {@code fill_right} of binary operators
 * @param maxBytes longest text, in UTF-8
 * @param maxDepth deepest nesting; bounds the stack of whoever walks the tree
 */
public record ParserOptions(
    boolean experimentalFunctions,
    boolean durationExpressions,
    boolean extendedRanges,
    boolean fillModifiers,
    int maxBytes,
    int maxDepth) {

  public static final int DEFAULT_MAX_BYTES = 1 << 20;

  /** Half of what a thread's usual stack of 1 MB carries. */
  public static final int DEFAULT_MAX_DEPTH = 250;

  /** The stable language only. */
  public static final ParserOptions STABLE =
      new ParserOptions(false, false, false, false, DEFAULT_MAX_BYTES, DEFAULT_MAX_DEPTH);

  /** Every switch on. */
  public static final ParserOptions ALL =
      new ParserOptions(true, true, true, true, DEFAULT_MAX_BYTES, DEFAULT_MAX_DEPTH);

  public ParserOptions {
    if (maxBytes <= 0 || maxDepth <= 0) {
      throw new IllegalArgumentException(
          "the parser's limits must be positive: " + maxBytes + " bytes, " + maxDepth + " levels");
    }
  }
}
