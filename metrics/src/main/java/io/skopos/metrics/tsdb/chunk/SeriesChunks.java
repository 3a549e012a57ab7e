// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one series' samples into chunks that every Prometheus since 2.40 reads: floats into {@link
 * ChunkEncoding#XOR}, histograms into {@link ChunkEncoding#HISTOGRAM} or {@link
 * ChunkEncoding#FLOAT_HISTOGRAM}. Start times are left out, these encodings have no room for them.
 *
 * <p>A chunk ends after {@link #MAX_SAMPLES}, before a sample of another kind, and between
 * histograms that cannot share one: another schema, zero threshold or boundaries, a counter reset.
 * A stale marker behind a histogram ends its chunk as a stale histogram.
 */
public final class SeriesChunks {

  /** As many as Prometheus puts into one. */
  public static final int MAX_SAMPLES = 120;

  private final SampleBuffer samples;
  private final int to;
  private final Consumer<EncodedChunk> sink;
  private int at;

  private SeriesChunks(SampleBuffer samples, int from, int to, Consumer<EncodedChunk> sink) {
    this.samples = samples;
    this.to = to;
    this.sink = sink;
    at = from;
  }

  /** Encodes samples {@code from} to {@code to} (exclusive), whose times ascend. */
  public static void encode(SampleBuffer samples, int from, int to, Consumer<EncodedChunk> sink) {
    new SeriesChunks(samples, from, to, sink).encode();
  }

  private void encode() {
    NativeHistogram before = null;
    while (at < to) {
      NativeHistogram first = histogram(at);
      if (first == null) {
        int start = at;
        do {
          at++;
        } while (at < to && at - start < MAX_SAMPLES && histogram(at) == null);
        sink.accept(XorEncoder.encode(samples, start, at));
        before = null;
      } else {
        before = histograms(first, before);
      }
    }
  }

  /**
   * @param before the last one of the chunk before; null when that ended otherwise
   */
  private @Nullable NativeHistogram histograms(
      NativeHistogram first, @Nullable NativeHistogram before) {
    int start = at++;
    NativeHistogram last = first;
    while (at < to && at - start < MAX_SAMPLES) {
      NativeHistogram next = histogram(at);
      if (next == null) {
        if (StaleMarker.is(samples.values[at])) {
          at++;
        }
        last = null;
        break;
      }
      if (!fit(last, next) || isReset(last, next)) {
        break;
      }
      last = next;
      at++;
    }
    sink.accept(HistogramEncoder.encode(samples, start, at, flags(first, before)));
    return last;
  }

  private static int flags(NativeHistogram first, @Nullable NativeHistogram before) {
    if (first.isGauge()) {
      return HistogramEncoder.GAUGE;
    }
    if (first.resetHint() == ResetHint.RESET) {
      return HistogramEncoder.RESET;
    }
    if (before == null || !fit(before, first)) {
      return HistogramEncoder.UNKNOWN;
    }
    return isReset(before, first) ? HistogramEncoder.RESET : HistogramEncoder.NO_RESET;
  }

  private static boolean fit(NativeHistogram one, NativeHistogram next) {
    return one.integer() == next.integer()
        && one.isGauge() == next.isGauge()
        && one.schema() == next.schema()
        && one.zeroThreshold() == next.zeroThreshold()
        && Arrays.equals(one.customValues(), next.customValues());
  }

  private static boolean isReset(NativeHistogram one, NativeHistogram next) {
    return !next.isGauge()
        && (next.resetHint() == ResetHint.RESET
            || next.count() < one.count()
            || next.zeroCount() < one.zeroCount()
            || BucketIndices.anyFell(one.positive(), next.positive())
            || BucketIndices.anyFell(one.negative(), next.negative()));
  }

  private @Nullable NativeHistogram histogram(int sample) {
    @Nullable NativeHistogram @Nullable [] column = samples.histograms;
    return column == null ? null : column[sample];
  }
}
