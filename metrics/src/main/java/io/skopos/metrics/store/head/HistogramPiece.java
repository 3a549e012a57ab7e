// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

/**
 * A histogram of a {@link SampleRun}, without its sum, which is the sample's value; the run holds
 * its address. Eight bytes of header, address of the {@link HistogramLayout} and length of the
 * rest; a head byte; a bit for each number (count, zero count, positive and negative buckets) that
 * changed, and the changes: zigzag differences of whole numbers, the bits of others. What they are
 * changes of is the run's histogram before, if that has the same layout and kind, else zeros.
 * Nothing of this leaves the process.
 */
final class HistogramPiece {

  static final int HEADER_BYTES = 8;

  /** Bits of the head: the reset hint. */
  static final int HINT = 3;

  static final int INTEGER = 4;

  /** Numbers are bits of doubles, as not all are whole. */
  static final int FRACTIONS = 8;

  /** From the histogram before, not from zeros. */
  static final int CHANGES = 16;

  private HistogramPiece() {}

  static boolean isWhole(double count) {
    return Double.doubleToRawLongBits((double) (long) count) == Double.doubleToRawLongBits(count);
  }
}
