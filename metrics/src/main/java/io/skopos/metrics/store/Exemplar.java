// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import io.skopos.model.Labels;
import java.util.Comparator;

/**
 * One observation behind a series, with a pointer to where it came from.
 *
 * @param labels of the exemplar itself, such as {@code trace_id}
 * @param timeMs Unix milliseconds; a sender that gives none means its sample's time
 */
public record Exemplar(Labels labels, double value, long timeMs) {

  /** By time; total, so that equal ones are found. */
  public static final Comparator<Exemplar> ORDER =
      Comparator.comparingLong(Exemplar::timeMs)
          .thenComparingLong(exemplar -> Double.doubleToRawLongBits(exemplar.value()))
          .thenComparing(Exemplar::labels);
}
