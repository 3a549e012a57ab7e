// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.QueryValue;
import java.util.List;

/**
 * Samples as they are.
 *
 * @param series in the order of their labels; charged to the budget as held
 * @param warnings what of the data could not be read, and why
 */
public record LeafSamples(List<QueryValue.Series> series, List<String> warnings) {

  public LeafSamples {
    series = List.copyOf(series);
    warnings = List.copyOf(warnings);
  }
}
