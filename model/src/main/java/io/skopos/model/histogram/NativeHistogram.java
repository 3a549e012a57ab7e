// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model.histogram;

import java.util.Arrays;

/**
 * A native histogram: the state of one series at one time. Integer and float histograms share this
 * form; counts of integer histograms are whole numbers, exact up to 2^53.
 *
 * <p>A stale histogram is no value of this class: staleness is the float stale marker, whatever the
 * series holds otherwise.
 *
 * @param schema -4 to 8: bucket boundaries are powers of 2^(2^-schema); {@link #CUSTOM_BUCKETS}:
 *     boundaries are {@code customValues}
 * @param integer whether the sender counted whole observations
 * @param zeroThreshold width of the zero bucket, 0 with custom buckets
 * @param count all observations, NaN ones included
 * @param positive buckets above zero; all buckets with custom boundaries, index 0 being the lowest
 * @param customValues upper boundaries, ascending, without +Inf; empty with exponential schemas;
 *     read only
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode are written out
public record NativeHistogram(
    int schema,
    boolean integer,
    ResetHint resetHint,
    double zeroThreshold,
    double zeroCount,
    double count,
    double sum,
    Buckets positive,
    Buckets negative,
    double[] customValues) {

  public static final int CUSTOM_BUCKETS = -53;
  public static final int MIN_SCHEMA = -4;
  public static final int MAX_SCHEMA = 8;

  public static final double[] NO_CUSTOM_VALUES = {};

  public boolean hasCustomBuckets() {
    return schema == CUSTOM_BUCKETS;
  }

  public boolean isGauge() {
    return resetHint == ResetHint.GAUGE;
  }

  public NativeHistogram withResetHint(ResetHint hint) {
    return hint == resetHint
        ? this
        : new NativeHistogram(
            schema,
            integer,
            hint,
            zeroThreshold,
            zeroCount,
            count,
            sum,
            positive,
            negative,
            customValues);
  }

  /** Bit for bit, hint included. */
  @Override
  public boolean equals(Object other) {
    return other instanceof NativeHistogram that
        && schema == that.schema
        && integer == that.integer
        && resetHint == that.resetHint
        && bits(zeroThreshold) == bits(that.zeroThreshold)
        && bits(zeroCount) == bits(that.zeroCount)
        && bits(count) == bits(that.count)
        && bits(sum) == bits(that.sum)
        && positive.equals(that.positive)
        && negative.equals(that.negative)
        && Arrays.equals(customValues, that.customValues);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Double.hashCode(count) + Double.hashCode(sum)) + positive.hashCode();
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }
}
