// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepRow;
import io.skopos.model.Labels;

/**
 * {@code sum_over_time} and {@code avg_over_time}.
 *
 * <p>Windows slide without ever subtracting, which would lose digits: the samples up to a middle
 * have their sums to the middle kept, those behind it are one running sum, and when a window leaves
 * the middle behind, the middle moves to its end. Every sample is added twice at most. Series whose
 * sums may overflow, or with infinities or NaN, are added up window by window, in Prometheus'
 * order.
 */
record SumFunction(boolean average) implements RangeFunction {

  /** Sums of fewer or smaller values cannot overflow, in whatever order they are made. */
  private static final double SAFE = 1e300;

  @Override
  public RangeKernel kernel(RangeCall call) {
    return new Kernel(average);
  }

  @Override
  public AggregatedKernel aggregatedKernel(RangeCall call) {
    CompensatedSum running = new CompensatedSum();
    return (step, samples, from, to, out) -> {
      running.reset();
      double compensation = 0;
      long count = 0;
      for (int i = from; i < to; i++) {
        running.add(samples.sums[i]);
        compensation += samples.compensations[i];
        count += samples.counts[i];
      }
      compensation += running.compensation();
      double sum = running.sum();
      out.set(step, average ? sum / count + compensation / count : sum + compensation);
    };
  }

  @Override
  public Histograms histograms() {
    return Histograms.APART;
  }

  @Override
  public RangeKernel histogramKernel(RangeCall call) {
    return new HistogramSumKernel(average, call);
  }

  private static final class Kernel extends SeriesKernel {

    private final boolean average;
    private final CompensatedSum running = new CompensatedSum();
    private double[] sumsToMiddle = new double[64];
    private double[] compensationsToMiddle = new double[64];
    private boolean safe;
    private int middle;
    private int end;

    Kernel(boolean average) {
      this.average = average;
    }

    @Override
    void begin(Labels labels, int size) {
      double[] column = values;
      double sum = 0;
      for (int i = 0; i < size; i++) {
        sum += Math.abs(column[i]);
      }
      safe = sum < SAFE;
      middle = 0;
      end = 0;
      running.reset();
      if (sumsToMiddle.length < size) {
        sumsToMiddle = new double[values.length];
        compensationsToMiddle = new double[values.length];
      }
    }

    @Override
    public void window(int step, int from, int to, StepRow out) {
      if (!safe) {
        out.set(step, average ? averageDirectly(from, to) : sumDirectly(from, to));
        return;
      }
      if (from >= middle) {
        moveMiddle(from, to);
      } else {
        while (end < to) {
          running.add(values[end++]);
        }
      }
      double sum = running.sum();
      double compensation = running.compensation();
      if (from < middle) {
        double left = sumsToMiddle[from];
        double total = left + sum;
        compensation += compensationsToMiddle[from];
        compensation +=
            Math.abs(left) >= Math.abs(sum) ? (left - total) + sum : (sum - total) + left;
        sum = total;
      }
      int count = to - from;
      out.set(step, average ? sum / count + compensation / count : sum + compensation);
    }

    private void moveMiddle(int from, int to) {
      running.reset();
      for (int i = to - 1; i >= from; i--) {
        running.add(values[i]);
        sumsToMiddle[i] = running.sum();
        compensationsToMiddle[i] = running.compensation();
      }
      middle = to;
      end = to;
      running.reset();
    }

    private double sumDirectly(int from, int to) {
      CompensatedSum sum = running;
      sum.reset();
      for (int i = from; i < to; i++) {
        sum.add(values[i]);
      }
      return sum.total();
    }

    /** The mean of the sum, or, from where the sum would overflow, a running mean. */
    private double averageDirectly(int from, int to) {
      CompensatedSum sum = running;
      sum.set(values[from], 0);
      for (int i = from + 1; i < to; i++) {
        double sumBefore = sum.sum();
        double compensationBefore = sum.compensation();
        sum.add(values[i]);
        if (Double.isInfinite(sum.sum())) {
          int count = i - from;
          sum.set(sumBefore / count, compensationBefore / count);
          return continueMean(sum, from, i, to);
        }
      }
      int count = to - from;
      return sum.sum() / count + sum.compensation() / count;
    }

    private double continueMean(CompensatedSum mean, int from, int next, int to) {
      for (int i = next; i < to; i++) {
        double count = i - from + 1;
        double share = (count - 1) / count;
        mean.set(mean.sum() * share, mean.compensation() * share);
        mean.add(values[i] / count);
      }
      return mean.sum() + mean.compensation();
    }
  }
}
