// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

/** The first byte of a chunk's values (docs/formats/metrics-part.md): kind, flag, exponent. */
final class ValueFormat {

  static final int KIND_MASK = 3;

  /** One value for all: an integer over a power of ten, or eight raw bytes. */
  static final int CONSTANT = 0;

  /** Integers over one power of ten, as an integer column; values that are none are listed. */
  static final int DECIMAL = 1;

  /** The doubles' own bits as an integer column. */
  static final int BITS = 2;

  /** Unused; a differential of another series may come here. */
  static final int RESERVED = 3;

  static final int HAS_EXCEPTIONS = 4;
  static final int EXPONENT_SHIFT = 3;

  /** In place of an exponent: a constant that is no short decimal. */
  static final int RAW = 31;

  private ValueFormat() {}
}
