// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

/**
 * A running sum that carries the rounding errors along (Kahan's summation in Neumaier's form), step
 * by step as Prometheus does it, so that answers agree to the last digit.
 */
final class CompensatedSum {

  private double sum;
  private double compensation;

  void reset() {
    set(0, 0);
  }

  void set(double newSum, double newCompensation) {
    sum = newSum;
    compensation = newCompensation;
  }

  void add(double value) {
    double total = sum + value;
    if (Double.isInfinite(total)) {
      compensation = 0;
    } else if (Math.abs(sum) >= Math.abs(value)) {
      compensation += (sum - total) + value;
    } else {
      compensation += (value - total) + sum;
    }
    sum = total;
  }

  /** The sum as the processor made it. */
  double sum() {
    return sum;
  }

  /** What the sum lacks. */
  double compensation() {
    return compensation;
  }

  double total() {
    return Double.isInfinite(sum) ? sum : sum + compensation;
  }
}
