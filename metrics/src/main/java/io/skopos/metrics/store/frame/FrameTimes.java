// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import io.skopos.metrics.store.SampleBatch;

/**
 * The times of a frame's samples. The common case, one sample per series and one time for all,
 * takes a few bytes; otherwise each time is coded as its distance from a guess: a series begins
 * when the one before began, and goes on in the steps the one before went.
 */
final class FrameTimes {

  private final SampleBatch batch;
  private final int[] series;
  private int samples;
  private boolean oneEach = true;
  private long minTimeMs = Long.MAX_VALUE;
  private long maxTimeMs = Long.MIN_VALUE;

  FrameTimes(SampleBatch batch, int[] series) {
    this.batch = batch;
    this.series = series;
    for (int s : series) {
      int start = batch.sampleStart(s);
      int end = batch.sampleEnd(s);
      oneEach &= end - start == 1;
      samples += end - start;
      for (int i = start; i < end; i++) {
        long time = batch.timeMs(i);
        minTimeMs = Math.min(minTimeMs, time);
        maxTimeMs = Math.max(maxTimeMs, time);
      }
    }
  }

  int samples() {
    return samples;
  }

  long minTimeMs() {
    return minTimeMs;
  }

  long maxTimeMs() {
    return maxTimeMs;
  }

  int flags() {
    return (oneEach ? FrameFormat.ONE_SAMPLE_EACH : 0)
        | (minTimeMs == maxTimeMs ? FrameFormat.ONE_TIME : 0);
  }

  void write(ByteColumn counts, ByteColumn times) {
    if (!oneEach) {
      for (int s : series) {
        counts.varint(batch.sampleEnd(s) - batch.sampleStart(s));
      }
    }
    if (samples == 0) {
      return;
    }
    if (minTimeMs == maxTimeMs) {
      times.zigzag(minTimeMs);
      return;
    }
    TimeGuess guess = new TimeGuess();
    for (int s : series) {
      int start = batch.sampleStart(s);
      int end = batch.sampleEnd(s);
      guess.begin(end - start);
      for (int i = start; i < end; i++) {
        times.zigzag(batch.timeMs(i) - guess.next());
        guess.was(batch.timeMs(i));
      }
    }
  }
}
