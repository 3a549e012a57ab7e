// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;

/**
 * A series as it is stored: the labels a target exposed, after the cache's mapping. Texts that map
 * to the same labels share one, so that it can tell whether a scrape brought the series twice.
 */
public final class StoredSeries {

  private final Labels labels;
  private final long hash;
  private long lastScrape = -1;

  /** The number of the parse that met one of its texts last. */
  long lastUse;

  StoredSeries(Labels labels) {
    this.labels = labels;
    this.hash = SampleBatch.SERIES_HASH.hash64(labels.canonicalBytes());
  }

  public Labels labels() {
    return labels;
  }

  /** The labels' {@link SampleBatch#SERIES_HASH}. */
  public long hash() {
    return hash;
  }

  /** The number given to {@link #seenIn} last, or -1. */
  public long lastScrape() {
    return lastScrape;
  }

  /** Notes that scrape {@code number} brought it; false if that scrape had brought it before. */
  public boolean seenIn(long number) {
    boolean first = lastScrape != number;
    lastScrape = number;
    return first;
  }

  /** Notes that it ended; it counts as new when it comes again. */
  public void ended() {
    lastScrape = -1;
  }
}
