// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

/** The histograms of a chunk (docs/formats/metrics-part.md). */
final class HistogramFormat {

  /** Head of a group: whole observations were counted. */
  static final int INTEGER = 1;

  /** Numbers are no integers: each is a column of values. */
  static final int FRACTIONS = 2;

  /** The group's layout follows; else its number in the chunk. */
  static final int NEW_LAYOUT = 4;

  /** Numbers stand histogram by histogram, not each in a column of its own. */
  static final int ROWS = 8;

  static final int KNOWN = 15;

  /** Histograms that are packed, and unpacked, together. */
  private static final int GROUP = 256;

  /** Numbers of a group; one histogram may have more. */
  private static final int GROUP_NUMBERS = 1 << 16;

  private HistogramFormat() {}

  /**
   * @param numbers of each histogram
   */
  static int groupSize(int numbers) {
    return Math.max(1, Math.min(GROUP, GROUP_NUMBERS / numbers));
  }
}
