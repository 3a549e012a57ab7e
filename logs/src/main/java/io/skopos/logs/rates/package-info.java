// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * How many lines there were, and how large they were, as counters that survive restarts and
 * crashes: what level and rate of logs are made of in PromQL (docs/decisions/log-rates.md).
 *
 * <p>{@link io.skopos.logs.rates.LineRates} is told of every durable frame, counts it in its shard,
 * stores its counts with the positions they are of when the heads are flushed, and takes up from
 * there when the log is replayed. Whoever writes metrics asks it for the counts from time to time.
 * Nothing here knows what a sample is.
 */
@NullMarked
package io.skopos.logs.rates;

import org.jspecify.annotations.NullMarked;
