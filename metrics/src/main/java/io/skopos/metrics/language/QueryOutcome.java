// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language;

import io.skopos.engine.QueryValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answered query.
 *
 * @param warnings each with its position, as Prometheus writes them
 * @param infos likewise
 */
public record QueryOutcome(
    QueryValue value, List<String> warnings, List<String> infos, Stats stats) {

  /**
   * @param samplesRead samples looked at, summed over steps, as Prometheus counts them
   * @param peakSamples most samples held at once
   * @param samplesPerStep samples each step looked at, when asked for
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Stats(
      long samplesRead,
      long peakSamples,
      long parseNanos,
      long evalNanos,
      long totalNanos,
      long @Nullable [] samplesPerStep) {}
}
