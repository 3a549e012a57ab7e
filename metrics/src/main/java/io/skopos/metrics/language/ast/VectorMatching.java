// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the series of two instant vectors find each other.
 *
 * @param labels the labels that must agree ({@code on}), or those left out of the comparison
 * @param on whether {@link #labels} are the ones compared
 * @param include labels copied from the "one" side ({@code group_left(...)})
 * @param fillLeft value of a missing left series, where {@code fill} or {@code fill_left} is used
 * @param fillRight value of a missing right series
 */
public record VectorMatching(
    Cardinality cardinality,
    List<String> labels,
    boolean on,
    List<String> include,
    @Nullable Double fillLeft,
    @Nullable Double fillRight) {

  public VectorMatching {
    labels = List.copyOf(labels);
    include = List.copyOf(include);
  }

  /** How many series of each side may match one another. */
  public enum Cardinality {
    ONE_TO_ONE("one-to-one"),
    /** {@code group_left}. */
    MANY_TO_ONE("many-to-one"),
    /** {@code group_right}. */
    ONE_TO_MANY("one-to-many"),
    /** Set operators. */
    MANY_TO_MANY("many-to-many");

    private final String symbol;

    Cardinality(String symbol) {
      this.symbol = symbol;
    }

    public String symbol() {
      return symbol;
    }
  }
}
