// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How series of both sides find each other.
 *
 * @param on whether the labels are those to match on, or those to ignore
 * @param labels null when neither was written
 * @param include null when no list was written
 */
public record Matching(
    Cardinality cardinality,
    boolean on,
    @Nullable List<String> labels,
    @Nullable List<String> include) {

  /** Which side may have several series in a match group. */
  public enum Cardinality {
    ONE_TO_ONE,
    MANY_TO_ONE,
    ONE_TO_MANY
  }

  /** One to one, on all labels. */
  public static final Matching DEFAULT = new Matching(Cardinality.ONE_TO_ONE, false, null, null);

  public Matching {
    labels = labels == null ? null : List.copyOf(labels);
    include = include == null ? null : List.copyOf(include);
  }
}
