// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.engine.aggregation.Grouping;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code | unwrap duration(took) | took > 5}: turns a label's value into the entry's sample. Runs
 * after the pipeline; filters after it see its error.
 */
public final class Unwrap {

  /** How the value is read. */
  public enum Conversion {
    NUMBER,
    /** {@code duration} and {@code duration_seconds}: seconds. */
    DURATION,
    BYTES
  }

  public Unwrap(String label, Conversion conversion, List<LabelFilter> filters) {
    throw new UnsupportedOperationException();
  }

  /**
   * @return whether the entry has a sample, which {@link #value} then gives
   */
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }

  public double value() {
    throw new UnsupportedOperationException();
  }

  /** Labels it and its filters read. */
  public Set<String> requiredLabels() {
    throw new UnsupportedOperationException();
  }

  /** What samples are grouped by: the unwrapped label is left out unless it is asked for. */
  public Grouping grouping(@Nullable Grouping asked) {
    throw new UnsupportedOperationException();
  }
}
