// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import io.skopos.model.Labels;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Batch;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import java.util.Arrays;
import java.util.List;

/**
 * Samples in columns, as every decoder hands them to the intake: series as canonical label bytes
 * back to back, each followed by its samples. Filled by one thread: {@link #series}, then {@link
 * #sample} for that series, any number of times; a series may come again.
 */
public final class SampleBatch implements Batch {

  private byte[] labelBytes = new byte[8192];
  private int[] labelEnds = new int[64];
  private int[] sampleEnds = new int[64];
  private int seriesCount;
  private long[] timesMs = new long[256];
  private double[] values = new double[256];
  private int sampleCount;
  private long minTimeMs = Long.MAX_VALUE;
  private long maxTimeMs = Long.MIN_VALUE;

  /** Begins a series. The bytes must be canonical (see {@link Labels}); they are copied. */
  public void series(byte[] canonical, int offset, int length) {
    int start = labelsEnd();
    if (start + length > labelBytes.length) {
      labelBytes = Arrays.copyOf(labelBytes, Math.max(start + length, labelBytes.length * 2));
    }
    System.arraycopy(canonical, offset, labelBytes, start, length);
    if (seriesCount == labelEnds.length) {
      labelEnds = Arrays.copyOf(labelEnds, seriesCount * 2);
      sampleEnds = Arrays.copyOf(sampleEnds, seriesCount * 2);
    }
    labelEnds[seriesCount] = start + length;
    sampleEnds[seriesCount] = sampleCount;
    seriesCount++;
  }

  public void series(Labels labels) {
    series(labels.canonicalBytes(), 0, labels.canonicalBytes().length);
  }

  /** Adds a sample to the series begun last. */
  public void sample(long timeMs, double value) {
    if (sampleCount == timesMs.length) {
      timesMs = Arrays.copyOf(timesMs, sampleCount * 2);
      values = Arrays.copyOf(values, sampleCount * 2);
    }
    timesMs[sampleCount] = timeMs;
    values[sampleCount] = value;
    sampleCount++;
    sampleEnds[seriesCount - 1] = sampleCount;
    minTimeMs = Math.min(minTimeMs, timeMs);
    maxTimeMs = Math.max(maxTimeMs, timeMs);
  }

  private int labelsEnd() {
    return seriesCount == 0 ? 0 : labelEnds[seriesCount - 1];
  }

  @Override
  public Signal signal() {
    return Signal.METRICS;
  }

  @Override
  public int rows() {
    return sampleCount;
  }

  @Override
  public long minTimeMs() {
    return minTimeMs;
  }

  @Override
  public long maxTimeMs() {
    return maxTimeMs;
  }

  @Override
  public List<Frame> toFrames(TenantId tenant, Sharding sharding) {
    throw new UnsupportedOperationException("the frame codec is not built yet");
  }
}
