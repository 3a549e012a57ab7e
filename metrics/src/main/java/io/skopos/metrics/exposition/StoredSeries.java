// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.model.Labels;

/**
 * A series as it is stored: the labels a target exposed, after the cache's mapping. Texts that map
 * to the same labels share one, so that it can tell whether a scrape brought the series twice.
 */
public final class StoredSeries {

  private final Labels labels;
  private long lastScrape = -1;

  StoredSeries(Labels labels) {
    this.labels = labels;
  }

  public Labels labels() {
    return labels;
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
}
