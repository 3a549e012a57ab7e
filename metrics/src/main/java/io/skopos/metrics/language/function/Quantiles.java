// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.text.NumberText;
import org.jspecify.annotations.Nullable;

/** What users are told about quantiles that are none. */
public final class Quantiles {

  private Quantiles() {}

  /** The warning on a quantile that is none; null when it is one. */
  public static @Nullable String warning(double quantile) {
    return quantile >= 0 && quantile <= 1
        ? null
        : "quantile value should be between 0 and 1, got " + NumberText.shortest(quantile);
  }
}
