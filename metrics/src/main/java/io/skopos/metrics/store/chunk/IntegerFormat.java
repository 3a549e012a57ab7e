// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

/**
 * The head byte of an integer column (docs/formats/metrics-part.md). What is packed are residuals,
 * divided by a common divisor and counted from a base; all arithmetic wraps at 64 bits, so that any
 * longs come back.
 */
final class IntegerFormat {

  /** Bits 0 and 1: residuals are taken against the first value. */
  static final int AGAINST_FIRST = 0;

  /** Bits 0 and 1: against the value before. */
  static final int DELTA = 1;

  /** Bits 0 and 1: differences of differences. */
  static final int DELTA_OF_DELTA = 2;

  static final int ORDER_MASK = 3;

  /** A bitmap says which residuals are not zero; only those are packed. */
  static final int HAS_MASK = 4;

  /** Residuals outside of the packed window are listed behind it. */
  static final int HAS_EXCEPTIONS = 8;

  static final int HAS_DIVISOR = 16;
  static final int HAS_BASE = 32;

  /** Bits no writer sets yet. */
  static final int UNKNOWN = 0xc0;

  private IntegerFormat() {}
}
