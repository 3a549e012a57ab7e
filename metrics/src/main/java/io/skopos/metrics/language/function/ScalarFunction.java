// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

/** A function with a scalar as its result ({@code time}, {@code scalar}, {@code pi}). */
public interface ScalarFunction {

  /** One value per step, in a new array. */
  double[] apply(VectorCall call);
}
