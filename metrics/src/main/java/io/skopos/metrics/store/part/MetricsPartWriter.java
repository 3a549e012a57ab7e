// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;

/**
 * Writes one metrics part: {@link #series}, its {@link #samples}, the next series, and so on, then
 * {@link #finish}. Holds one page and the label index' postings in memory, not the samples. Not
 * thread-safe. Closing without finish removes what was written.
 */
public final class MetricsPartWriter implements AutoCloseable {

  public MetricsPartWriter(PartWriter out) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Begins a series.
   *
   * @param canonical canonical label bytes (see {@link io.skopos.model.Labels}); copied
   * @throws IllegalArgumentException when the series does not sort behind the one before
   */
  public void series(byte[] canonical, int offset, int length) throws IOException {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Adds samples {@code from} (inclusive) to {@code to} (exclusive) to the series begun last; may
   * be called more than once. The arrays may be reused afterwards.
   *
   * @throws IllegalArgumentException when a time does not ascend
   */
  public void samples(long[] timesMs, double[] values, int from, int to) throws IOException {
    throw new UnsupportedOperationException("not built yet");
  }

  /** What is known about a metric family; anywhere between the series. Later calls win. */
  public void metadata(String family, MetricMetadata metadata) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Series begun so far that have samples. */
  public int seriesCount() {
    throw new UnsupportedOperationException("not built yet");
  }

  public long sampleCount() {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Writes index and footer and publishes the object. At least one sample must have been added: ask
   * {@link #sampleCount} first, and close instead when it is 0.
   *
   * @param minPosition least log position whose samples may be inside; see {@link PartEntry}
   */
  public PartEntry finish(long minPosition, long maxPosition, int level) throws IOException {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("not built yet");
  }
}
