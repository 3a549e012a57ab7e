// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import io.skopos.metrics.store.SampleBuffer;

/**
 * Joins a downsampled counter's chunks. Each is the counter as it would be without the resets
 * within the chunk, and begins again at what was really counted; read one after the other as they
 * are, every chunk behind a reset would look like another reset. So each goes on where the one
 * before ended, by what was really counted in between.
 */
final class CounterTrack {

  private boolean begun;
  private double last;
  private double lastRaw;

  /** Moves the chunk's values; they end with the last one as it really was, at a repeated time. */
  void continueWith(SampleBuffer chunk) {
    int size = chunk.size;
    if (size == 0) {
      return;
    }
    boolean tellsRaw = size > 1 && chunk.timesMs[size - 1] == chunk.timesMs[size - 2];
    double raw = chunk.values[size - 1];
    double first = chunk.values[0];
    double shift = begun ? (first >= lastRaw ? last - lastRaw : last) : 0;
    if (shift != 0) {
      for (int i = 0; i < size; i++) {
        chunk.values[i] += shift;
      }
    }
    begun = true;
    last = chunk.values[tellsRaw ? size - 2 : size - 1];
    lastRaw = raw;
  }
}
