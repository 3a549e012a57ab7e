// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model.histogram;

import java.util.Arrays;

/**
 * The populated buckets of one side of a native histogram: spans of adjacent bucket indices and the
 * buckets' counts. Immutable: arrays are taken over and must not be changed afterwards.
 */
public final class Buckets {

  private static final int[] NO_SPANS = {};
  private static final double[] NO_COUNTS = {};

  public static final Buckets NONE = new Buckets(NO_SPANS, NO_COUNTS);

  private final int[] spans;
  private final double[] counts;

  /**
   * @param spans pairs: of the first span the index it starts at, of others the gap to the end of
   *     the span before (not negative); then its length (not negative)
   * @param counts absolute (not deltas), as many as the spans' lengths together
   * @throws IllegalArgumentException when spans and counts do not fit
   */
  public Buckets(int[] spans, double[] counts) {
    if ((spans.length & 1) != 0) {
      throw new IllegalArgumentException("spans are pairs of offset and length");
    }
    long total = 0;
    for (int i = 0; i < spans.length; i += 2) {
      if (i > 0 && spans[i] < 0) {
        throw new IllegalArgumentException("span " + i / 2 + " has the negative gap " + spans[i]);
      }
      if (spans[i + 1] < 0) {
        throw new IllegalArgumentException(
            "span " + i / 2 + " has the negative length " + spans[i + 1]);
      }
      total += spans[i + 1];
    }
    if (total != counts.length) {
      throw new IllegalArgumentException(
          "the spans have room for " + total + " buckets, there are " + counts.length);
    }
    this.spans = spans;
    this.counts = counts;
  }

  /** The pairs (offset, length): read only. */
  public int[] spans() {
    return spans;
  }

  /** Absolute counts, one per bucket of the spans: read only. */
  public double[] counts() {
    return counts;
  }

  /** The number of buckets in spans, populated or not. */
  public int size() {
    return counts.length;
  }

  public boolean isEmpty() {
    return counts.length == 0;
  }

  /** Equal spans and counts, bit for bit; compact both first to compare what they mean. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Buckets that
        && Arrays.equals(spans, that.spans)
        && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(spans) + Arrays.hashCode(counts);
  }
}
