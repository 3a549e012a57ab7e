// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A native histogram as messages bring it, before it is known to be one: fields are set while the
 * message is read, {@link #build} checks them and makes the value. Reused from histogram to
 * histogram. The checks are Prometheus': what passes here passes there.
 */
public final class HistogramDraft {

  /** Finer schemas than we keep, up to this one, are reduced; beyond it nothing is defined. */
  private static final int MAX_REDUCIBLE_SCHEMA = 52;

  public int schema;
  public double zeroThreshold;
  public double sum;
  public ResetHint resetHint = ResetHint.UNKNOWN;

  /** Whether the counts are floats; which of the two forms below counts. */
  public boolean floating;

  /** Unsigned. */
  public long count;

  /** Unsigned. */
  public long zeroCount;

  public double floatCount;
  public double floatZeroCount;
  public final BucketDraft positive = new BucketDraft("positive");
  public final BucketDraft negative = new BucketDraft("negative");
  private double[] customValues = new double[16];
  private int customCount;
  private String problem = "";

  public void reset() {
    schema = 0;
    zeroThreshold = 0;
    sum = 0;
    resetHint = ResetHint.UNKNOWN;
    floating = false;
    count = 0;
    zeroCount = 0;
    floatCount = 0;
    floatZeroCount = 0;
    positive.reset();
    negative.reset();
    customCount = 0;
    problem = "";
  }

  public void customValue(double bound) {
    if (customCount == customValues.length) {
      customValues = Arrays.copyOf(customValues, customCount * 2);
    }
    customValues[customCount++] = bound;
  }

  /** Why {@link #build} returned null. */
  public String problem() {
    return problem;
  }

  /** Null when the fields are no histogram; {@link #problem} says why. */
  public @Nullable NativeHistogram build() {
    problem = check();
    if (!problem.isEmpty()) {
      return null;
    }
    boolean custom = schema == NativeHistogram.CUSTOM_BUCKETS;
    int coarser = custom ? 0 : Math.max(0, schema - NativeHistogram.MAX_SCHEMA);
    NativeHistogram built =
        new NativeHistogram(
            schema - coarser,
            !floating,
            resetHint,
            zeroThreshold,
            floating ? floatZeroCount : zeroCount,
            floating ? floatCount : count,
            sum,
            positive.build(floating, coarser),
            negative.build(floating, coarser),
            custom ? Arrays.copyOf(customValues, customCount) : NativeHistogram.NO_CUSTOM_VALUES);
    String tooLarge = SampleBatch.tooLarge(built);
    problem = tooLarge == null ? "" : tooLarge;
    return tooLarge == null ? built : null;
  }

  private String check() {
    if (schema == NativeHistogram.CUSTOM_BUCKETS) {
      String wrong = checkCustom();
      if (!wrong.isEmpty()) {
        return wrong;
      }
    } else if (schema < NativeHistogram.MIN_SCHEMA || schema > MAX_REDUCIBLE_SCHEMA) {
      return "the schema "
          + schema
          + " is not known; it is from -4 to 8, or -53 for custom bucket boundaries";
    } else if (customCount > 0) {
      return "it has custom bucket boundaries with the exponential schema " + schema;
    }
    String wrong = positive.check(floating);
    if (wrong.isEmpty()) {
      wrong = negative.check(floating);
    }
    if (!wrong.isEmpty()) {
      return wrong;
    }
    if (schema == NativeHistogram.CUSTOM_BUCKETS && positive.lastIndex() > customCount) {
      return "its spans reach bucket "
          + positive.lastIndex()
          + ", its "
          + customCount
          + " custom boundaries make "
          + (customCount + 1)
          + " buckets";
    }
    return floating ? checkFloatCounts() : checkCounts();
  }

  private String checkCustom() {
    if (floating ? floatZeroCount != 0 : zeroCount != 0) {
      return "custom buckets have no zero bucket, but its zero count is not 0";
    }
    if (zeroThreshold != 0) {
      return "custom buckets have no zero bucket, but its zero threshold is " + zeroThreshold;
    }
    if (!negative.isEmpty()) {
      return "it has negative buckets beside custom boundaries";
    }
    if (positive.firstOffset() < 0) {
      return "its first span begins at bucket " + positive.firstOffset() + ", the lowest is 0";
    }
    double previous = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < customCount; i++) {
      double bound = customValues[i];
      if (Double.isNaN(bound)) {
        return "the custom boundary " + i + " is NaN";
      }
      if (bound <= previous) {
        return "its custom boundaries do not ascend: " + bound + " comes after " + previous;
      }
      previous = bound;
    }
    return previous == Double.POSITIVE_INFINITY
        ? "its last custom boundary is +Inf, which is implied"
        : "";
  }

  private String checkCounts() {
    if (count < 0 || zeroCount < 0) {
      return "a count is above 2^63";
    }
    long inBuckets = zeroCount + positive.total() + negative.total();
    // A sum of NaN says that there were NaN observations, which count but are in no bucket.
    boolean fits = Double.isNaN(sum) ? inBuckets <= count : inBuckets == count;
    return fits ? "" : "its buckets hold " + inBuckets + " observations, its count is " + count;
  }

  private String checkFloatCounts() {
    if (!(floatCount >= 0)) {
      return "its count is " + floatCount;
    }
    return floatZeroCount >= 0 ? "" : "its zero bucket's count is " + floatZeroCount;
  }
}
