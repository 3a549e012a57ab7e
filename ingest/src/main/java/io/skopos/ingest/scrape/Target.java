// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.model.Fingerprint;
import io.skopos.model.Labels;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One endpoint to scrape.
 *
 * @param labels what its series get
 * @param discovered what was known before relabelling
 */
record Target(URI url, Labels labels, Labels discovered, Duration interval, Duration timeout) {

  /** A fixed key, so that a target keeps its place in the interval over restarts. */
  private static final Fingerprint PLACE = new Fingerprint(0x5c0f05, 0x7a26e7);

  /** What tells targets apart; the discovered labels may change without a new scrape loop. */
  record Identity(URI url, Labels labels, Duration interval, Duration timeout) {}

  Identity identity() {
    return new Identity(url, labels, interval, timeout);
  }

  /**
   * Milliseconds from {@code nowMs} to the target's next turn; spreads targets over an interval.
   */
  long firstWaitMs(long nowMs) {
    byte[] key = (url + " " + labels).getBytes(StandardCharsets.UTF_8);
    long intervalMs = interval.toMillis();
    long offset = Long.remainderUnsigned(PLACE.hash64(key), intervalMs);
    return Math.floorMod(offset - nowMs, intervalMs);
  }
}
