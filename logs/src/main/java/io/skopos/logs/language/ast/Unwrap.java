// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

import java.util.List;

/**
 * {@code | unwrap duration(latency) | __error__=""}.
 *
 * @param filters looked at after the value was taken
 */
public record Unwrap(String label, Conversion conversion, List<LabelFilter> filters) {

  public Unwrap {
    filters = List.copyOf(filters);
  }

  /** How the label's text becomes a number. */
  public enum Conversion {
    NUMBER(""),
    BYTES("bytes"),
    DURATION("duration"),
    DURATION_SECONDS("duration_seconds");

    private final String function;

    Conversion(String function) {
      this.function = function;
    }

    /** As it is written; empty for a plain number. */
    public String function() {
      return function;
    }
  }
}
