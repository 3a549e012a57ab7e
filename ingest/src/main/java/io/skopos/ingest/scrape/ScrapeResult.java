// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.metrics.api.TargetsView;
import java.time.Duration;
import java.time.Instant;

/**
 * How one scrape went.
 *
 * @param error empty when it went well
 * @param bodyBytes of the body after decompression; 0 when none came
 * @param samples in the body
 * @param stored after metric relabelling
 * @param added series that the scrape before did not have
 * @param duplicates samples of a series that the same scrape had brought before; the first is kept
 * @param outOfBounds samples whose own time is too old for the retention or too far ahead
 */
public record ScrapeResult(
    Instant start,
    Duration duration,
    String error,
    long bodyBytes,
    long samples,
    long stored,
    long added,
    long duplicates,
    long outOfBounds) {

  TargetsView.Scrape shown() {
    return new TargetsView.Scrape(
        start, duration, error, bodyBytes, samples, stored, added, duplicates, outOfBounds);
  }

  public boolean up() {
    return error.isEmpty();
  }
}
