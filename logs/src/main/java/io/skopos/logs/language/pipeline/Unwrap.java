// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.engine.aggregation.Grouping;
import io.skopos.logs.language.pipeline.text.ByteSizeText;
import io.skopos.logs.language.pipeline.text.GoDuration;
import io.skopos.logs.language.pipeline.text.GoNumber;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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

  private final String label;
  private final Conversion conversion;
  private final List<LabelFilter> filters;
  private double value;

  public Unwrap(String label, Conversion conversion, List<LabelFilter> filters) {
    this.label = label;
    this.conversion = conversion;
    this.filters = List.copyOf(filters);
  }

  /**
   * @return whether the entry has a sample, which {@link #value} then gives
   */
  public boolean process(EntryState state) {
    if (!convert(state)) {
      return false;
    }
    for (LabelFilter filter : filters) {
      if (!filter.process(state)) {
        return false;
      }
    }
    return true;
  }

  private boolean convert(EntryState state) {
    LabelName name = state.name(label);
    if (conversion == Conversion.NUMBER) {
      value = state.columnNumber(name);
      if (!Double.isNaN(value)) {
        return true;
      }
    }
    if (!state.find(name) || state.foundLength == 0) {
      return false;
    }
    byte[] bytes = state.foundBytes;
    int from = state.foundFrom;
    int length = state.foundLength;
    String problem = "";
    switch (conversion) {
      case NUMBER -> {
        value = GoNumber.parse(bytes, from, length);
        if (GoNumber.isInvalid(value)) {
          problem = GoNumber.problem(state.foundText());
        }
      }
      case DURATION -> {
        long nanos = GoDuration.parse(bytes, from, length);
        value = GoDuration.seconds(nanos);
        if (nanos == GoDuration.INVALID) {
          problem = GoDuration.problem(state.foundText());
        }
      }
      case BYTES -> {
        value = ByteSizeText.parse(bytes, from, length);
        if (value == ByteSizeText.INVALID) {
          problem = ByteSizeText.problem(state.foundText());
        }
      }
    }
    if (!problem.isEmpty()) {
      value = 0;
      state.setError(Errors.SAMPLE_EXTRACTION);
      state.setErrorDetails(problem);
    }
    return true;
  }

  public double value() {
    return value;
  }

  /** Labels it and its filters read. */
  public Set<String> requiredLabels() {
    Set<String> names = new LinkedHashSet<>();
    names.add(label);
    for (LabelFilter filter : filters) {
      names.addAll(filter.requiredLabels());
    }
    return names;
  }

  /** What samples are grouped by: the unwrapped label is left out unless it is asked for. */
  public Grouping grouping(@Nullable Grouping asked) {
    if (asked != null && !asked.without()) {
      return asked;
    }
    List<String> names = new ArrayList<>(asked == null ? List.of() : asked.names());
    names.add(label);
    return new Grouping(true, names);
  }
}
