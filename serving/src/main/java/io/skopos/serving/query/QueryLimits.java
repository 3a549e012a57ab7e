// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.query;

import java.time.Duration;

/**
 * What one tenant's queries may cost; zero means any number.
 *
 * @param timeout longest a query may wait and run
 * @param maxFetchedBytes bytes it may fetch from buckets
 * @param concurrency queries that may run or wait at once
 */
public record QueryLimits(
    Duration timeout,
    long maxSamples,
    long maxSeries,
    long maxBytes,
    long maxFetchedBytes,
    int concurrency) {}
