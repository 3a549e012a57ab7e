// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

/**
 * What a long range needs to know of a chunk without decoding it. Stale markers are not counted; a
 * chunk with any other NaN has no aggregates.
 *
 * @param count samples, stale markers left out; at least 1
 * @param sum Kahan-Neumaier sum without its compensation
 * @param compensation to be added to {@code sum}
 * @param increase sum of the differences between neighbours, where a fall counts as a restart from
 *     0 (the later value itself)
 * @param resets how often a value was less than the one before
 */
public record ChunkAggregates(
    long firstTimeMs,
    long lastTimeMs,
    int count,
    double sum,
    double compensation,
    double min,
    double max,
    double first,
    double last,
    double increase,
    int resets) {}
