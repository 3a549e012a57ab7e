// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.binary;

import io.skopos.engine.LabelSelection;
import io.skopos.model.Label;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How series of both sides find each other. Plain data.
 *
 * @param on whether the names are those to match on, or those to ignore
 * @param include labels the one side lends to results of many-to-one matching
 * @param fillLeft value of a left side that is missing where the right one has a sample
 * @param fillRight likewise for the right side
 */
public record VectorMatching(
    Cardinality cardinality,
    boolean on,
    List<String> names,
    List<String> include,
    @Nullable Double fillLeft,
    @Nullable Double fillRight) {

  /** Which side may have several series in a match group. */
  public enum Cardinality {
    ONE_TO_ONE,
    MANY_TO_ONE,
    ONE_TO_MANY,
    MANY_TO_MANY
  }

  /** One to one, on all labels. */
  public static final VectorMatching DEFAULT =
      new VectorMatching(Cardinality.ONE_TO_ONE, false, List.of(), List.of(), null, null);

  public VectorMatching {
    names = List.copyOf(names);
    include = List.copyOf(include);
  }

  /** What two series must have in common to match. */
  LabelSelection signature() {
    if (on) {
      return LabelSelection.keeping(names);
    }
    List<String> ignored = new ArrayList<>(names);
    ignored.add(Label.METRIC_NAME);
    return LabelSelection.dropping(ignored);
  }
}
