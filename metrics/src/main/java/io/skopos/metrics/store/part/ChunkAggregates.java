// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.SampleAggregates;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates of a chunk, one for each span of its samples. Spans end where clock hours do, or
 * quarters of a day, or days: the windows of a question about a long range mostly do, too.
 */
record ChunkAggregates(List<Span> spans) {

  /**
   * @param samples how many of the chunk's samples it has, stale markers included
   * @param known null when only the samples themselves say it
   */
  record Span(int samples, @Nullable SampleAggregates known) {}

  private static final long HOUR = 3_600_000;
  private static final long[] LENGTHS = {HOUR, 6 * HOUR, 24 * HOUR};

  /** Fewer samples of a span would be decoded as fast. */
  private static final int SPAN_SAMPLES = 100;

  /** For a scrape every so often; both ends of a window that is a multiple of it fall together. */
  static long spanLength(long[] timesMs, int from, int to) {
    long spacing = (timesMs[to - 1] - timesMs[from]) / Math.max(1, to - from - 1);
    for (long length : LENGTHS) {
      if (spacing * SPAN_SAMPLES <= length) {
        return length;
      }
    }
    return Long.MAX_VALUE;
  }

  /** Windows include their end, so a sample right at an hour belongs to the span before. */
  static long spanOf(long timeMs, long length) {
    return Math.floorDiv(timeMs - 1, length);
  }
}
