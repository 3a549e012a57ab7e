// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import io.skopos.model.Labels;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Valid native histograms of all kinds. */
public final class RandomHistograms {

  private RandomHistograms() {}

  /** Any form: whole or broken counts, exponential or custom buckets, empty ones too. */
  public static NativeHistogram any(RandomGenerator random) {
    boolean custom = random.nextInt(3) == 0;
    boolean integer = random.nextBoolean();
    boolean whole = integer || random.nextBoolean();
    Buckets positive = buckets(random, custom, whole);
    Buckets negative =
        custom || random.nextInt(3) > 0 ? Buckets.NONE : buckets(random, false, whole);
    double[] boundaries = NativeHistogram.NO_CUSTOM_VALUES;
    if (custom) {
      boundaries = new double[random.nextInt(12)];
      for (int i = 0; i < boundaries.length; i++) {
        boundaries[i] = i == 0 ? random.nextInt(10) - 5 : boundaries[i - 1] + random.nextDouble();
      }
    }
    return new NativeHistogram(
        custom ? NativeHistogram.CUSTOM_BUCKETS : random.nextInt(13) - 4,
        integer,
        ResetHint.of(random.nextInt(4)),
        custom ? 0 : random.nextBoolean() ? 0x1p-128 : random.nextDouble(),
        custom ? 0 : count(random, whole),
        count(random, whole),
        random.nextInt(9) == 0 ? Double.NaN : random.nextInt(10_000) / 8.0,
        positive,
        negative,
        boundaries);
  }

  private static Buckets buckets(RandomGenerator random, boolean custom, boolean whole) {
    int spans = random.nextInt(4);
    int[] pairs = new int[2 * spans];
    int size = 0;
    for (int i = 0; i < spans; i++) {
      pairs[2 * i] = i == 0 ? random.nextInt(20) - (custom ? 0 : 10) : random.nextInt(5);
      pairs[2 * i] = custom ? Math.abs(pairs[2 * i]) : pairs[2 * i];
      pairs[2 * i + 1] = random.nextInt(6);
      size += pairs[2 * i + 1];
    }
    double[] counts = new double[size];
    for (int i = 0; i < size; i++) {
      counts[i] = count(random, whole);
    }
    return spans == 0 ? Buckets.NONE : new Buckets(pairs, counts);
  }

  private static double count(RandomGenerator random, boolean whole) {
    if (!whole) {
      return random.nextInt(20) == 0 ? -0.0 : random.nextDouble() * 1000;
    }
    return random.nextInt(40) == 0 ? 0x1p53 : random.nextInt(200);
  }

  /** The same histogram some observations later; now and then its layout changes or it restarts. */
  public static NativeHistogram later(NativeHistogram before, RandomGenerator random) {
    if (random.nextInt(20) == 0) {
      return any(random);
    }
    double sign = random.nextInt(40) == 0 ? -0.5 : 1;
    Buckets positive = later(before.positive(), random, sign, before.integer());
    Buckets negative = later(before.negative(), random, sign, before.integer());
    double added = sum(positive) - sum(before.positive()) + sum(negative) - sum(before.negative());
    return new NativeHistogram(
        before.schema(),
        before.integer(),
        random.nextInt(10) == 0 ? ResetHint.of(random.nextInt(4)) : before.resetHint(),
        before.zeroThreshold(),
        before.zeroCount(),
        before.integer() ? Math.max(0, Math.rint(before.count() + added)) : before.count() + added,
        before.sum() + random.nextInt(100) / 4.0,
        positive,
        negative,
        before.customValues());
  }

  private static Buckets later(
      Buckets before, RandomGenerator random, double sign, boolean integer) {
    double[] counts = before.counts().clone();
    for (int i = 0; i < counts.length; i++) {
      if (random.nextBoolean()) {
        counts[i] += sign * random.nextInt(1 + random.nextInt(30));
        counts[i] = integer ? Math.max(0, Math.rint(counts[i])) : counts[i];
      }
    }
    return before.size() == 0 ? before : new Buckets(before.spans(), counts);
  }

  private static double sum(Buckets buckets) {
    return Arrays.stream(buckets.counts()).sum();
  }

  public static Exemplar exemplar(RandomGenerator random, long timeMs) {
    Labels labels =
        random.nextInt(10) == 0
            ? Labels.EMPTY
            : Labels.of("trace_id", Long.toHexString(random.nextInt(50)), "span_id", "\u00e9");
    return new Exemplar(labels, random.nextInt(20) / 4.0, timeMs);
  }

  /** Everything but the reset hint, which a store may know less of. */
  public static NativeHistogram withoutHint(NativeHistogram histogram) {
    return histogram.withResetHint(histogram.isGauge() ? ResetHint.GAUGE : ResetHint.UNKNOWN);
  }

  /** To the last bit, for comparing. */
  public static String text(NativeHistogram histogram) {
    return histogram.schema()
        + (histogram.integer() ? "i " : "f ")
        + histogram.resetHint()
        + " "
        + bits(histogram.zeroThreshold(), histogram.zeroCount(), histogram.count(), histogram.sum())
        + Arrays.toString(histogram.positive().spans())
        + bits(histogram.positive().counts())
        + Arrays.toString(histogram.negative().spans())
        + bits(histogram.negative().counts())
        + bits(histogram.customValues());
  }

  private static String bits(double... values) {
    StringBuilder text = new StringBuilder("[");
    for (double value : values) {
      text.append(Long.toHexString(Double.doubleToRawLongBits(value))).append(' ');
    }
    return text.append(']').toString();
  }
}
