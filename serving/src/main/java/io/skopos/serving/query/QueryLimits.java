// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.query;

import java.time.Duration;

/**
 * What one tenant's queries may cost; zero means any number.
 *
 * @param timeout longest a query may wait and run
 * @param maxFetchedBytes bytes it may fetch from buckets
 * @param maxReadBytes bytes of log lines it may look at
 * @param concurrency queries that may run or wait at once
 */
public record QueryLimits(
    Duration timeout,
    long maxSamples,
    long maxSeries,
    long maxBytes,
    long maxFetchedBytes,
    long maxReadBytes,
    int concurrency) {

  /** The same with another bound for log lines. */
  public QueryLimits withMaxReadBytes(long bytes) {
    return new QueryLimits(
        timeout, maxSamples, maxSeries, maxBytes, maxFetchedBytes, bytes, concurrency);
  }
}
