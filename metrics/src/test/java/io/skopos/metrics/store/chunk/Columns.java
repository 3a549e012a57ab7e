// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import io.skopos.metrics.store.StaleMarker;
import java.util.random.RandomGenerator;

/** Values as series have them, and values as only an enemy has them. */
public final class Columns {

  public static final int SHAPES = 14;

  private Columns() {}

  public static double[] values(RandomGenerator random, int shape, int count) {
    double[] values = new double[count];
    double state = Math.floor(random.nextDouble() * 1e6);
    for (int i = 0; i < count; i++) {
      double u = random.nextDouble();
      switch (shape) {
        case 0 -> state += Math.floor(u * 2000); // counter
        case 1 -> state = u < 0.01 ? 0 : state + Math.floor(u * 100); // counter with restarts
        case 2 -> state = u < 0.3 ? state : Math.rint(state + (u - 0.6) * 1000) * 4096 / 4096;
        case 3 -> state = Math.rint((state + u) * 100) / 100; // hundredths
        case 4 -> state = 42;
        case 5 -> state = random.nextGaussian(); // all bits
        case 6 -> state += u; // running sum of all bits
        case 7 -> state = special(random);
        case 8 -> state = u < 0.05 ? special(random) : Math.rint(u * 1000) / 10;
        case 9 -> state = Double.longBitsToDouble(random.nextLong());
        case 10 -> state = u < 0.98 ? 0 : Math.floor(u * 1e4); // sparse
        case 11 -> state = (float) u;
        case 12 -> state = Math.scalb(1.0, random.nextInt(-1074, 1023));
        default -> state = i * 15 + 1.7e9; // a line
      }
      values[i] = state;
    }
    return values;
  }

  private static double special(RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 0 -> Double.NaN;
      case 1 -> StaleMarker.VALUE;
      case 2 -> -0.0;
      case 3 -> Double.POSITIVE_INFINITY;
      case 4 -> Double.NEGATIVE_INFINITY;
      case 5 -> Double.MIN_VALUE;
      case 6 -> Double.longBitsToDouble(0xfff8_dead_beef_0001L);
      case 7 -> Double.MAX_VALUE;
      case 8 -> 0x1p63;
      default -> -1e15 - 0.3;
    };
  }

  public static long[] times(RandomGenerator random, int count) {
    long[] times = new long[count];
    int kind = random.nextInt(4);
    long time = random.nextLong(-1L << 41, 1L << 41);
    for (int i = 0; i < count; i++) {
      times[i] = time;
      time +=
          switch (kind) {
            case 0 -> 15_000;
            case 1 -> 14_990 + random.nextInt(20);
            case 2 -> random.nextInt(20) == 0 ? 60_000 : 15_000;
            default -> 1 + random.nextInt(100_000);
          };
    }
    return times;
  }
}
