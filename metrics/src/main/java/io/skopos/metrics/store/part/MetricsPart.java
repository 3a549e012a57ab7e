// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.storage.index.LabelIndex;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.Parts;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * An open metrics part. Thread-safe; holds the footer's directory on the heap, everything else is
 * read through the page cache. Series are ordinals in label order. Every method that reads may
 * throw {@link io.skopos.storage.part.DamagedPart}; series of other pages stay readable.
 */
public final class MetricsPart implements Parts.Opened {

  private MetricsPart() {}

  /**
   * For {@link Parts#opened}: {@code parts.opened(tenant, signal, day, entry, MetricsPart::open)}.
   */
  public static MetricsPart open(PartReader reader) throws IOException {
    throw new UnsupportedOperationException("not built yet");
  }

  public int seriesCount() {
    throw new UnsupportedOperationException("not built yet");
  }

  public long sampleCount() {
    throw new UnsupportedOperationException("not built yet");
  }

  public long chunkCount() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Names, values and counts from postings; see {@link io.skopos.storage.index.LabelSelection}. */
  public LabelIndex labelIndex() {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * The series that fit all matchers and whose first to last sample touch the range. The bitmap is
   * the caller's.
   */
  public RoaringBitmap select(List<Matcher> matchers, TimeRange range) throws IOException {
    throw new UnsupportedOperationException("not built yet");
  }

  /** What the part knows about metric families. */
  public void metadata(BiConsumer<String, MetricMetadata> visitor) throws IOException {
    throw new UnsupportedOperationException("not built yet");
  }

  /** A reader of series; cheap to make. */
  public Scan scan() {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public long heapBytes() {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Reads series, fastest in ascending order: it keeps the page and the timestamps read last. Not
   * thread-safe. Close it on every path: it pins at most a few pages.
   */
  public interface Scan extends AutoCloseable {

    Labels labels(int ordinal) throws IOException;

    /** From the first to the last sample of the series. */
    TimeRange range(int ordinal) throws IOException;

    /** Appends the samples between both times, inclusive; times strictly ascend. */
    void read(int ordinal, long fromMs, long toMs, SampleBuffer into) throws IOException;

    /**
     * As {@link #read}, but chunks that lie wholly between both times and have aggregates are given
     * to {@code whole} instead, in turn with the samples: what was appended to {@code into} before
     * a call to {@code whole} is earlier than that chunk.
     */
    void readAggregated(
        int ordinal, long fromMs, long toMs, SampleBuffer into, Consumer<ChunkAggregates> whole)
        throws IOException;

    @Override
    void close();
  }
}
