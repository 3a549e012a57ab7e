// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.aggregation;

/**
 * Kahan summation in Neumaier's form, as Prometheus sums: the lost low bits are kept in a second
 * number that is added at the end. Once a sum is infinite there is nothing to compensate.
 */
public final class CompensatedSum {

  private CompensatedSum() {}

  /**
   * The compensation after {@code increment} was added to {@code sum}, which gave {@code total}.
   */
  public static double compensation(double increment, double sum, double total, double before) {
    if (Double.isInfinite(total)) {
      return 0;
    }
    if (Math.abs(sum) >= Math.abs(increment)) {
      return before + ((sum - total) + increment);
    }
    return before + ((increment - total) + sum);
  }
}
