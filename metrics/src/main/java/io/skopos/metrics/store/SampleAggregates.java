// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

/**
 * What is known of neighbouring samples of a series without decoding them; all are finite floats.
 *
 * @param count samples, stale markers left out; at least 1
 * @param sum Kahan-Neumaier sum without its compensation
 * @param compensation to be added to {@code sum}
 * @param min the first of the least values, which matters to the sign of zero
 * @param correction sum of the values before which the next one is less: what a counter lost by
 *     restarting
 * @param resets how often that was
 */
public record SampleAggregates(
    long firstTimeMs,
    long lastTimeMs,
    int count,
    double sum,
    double compensation,
    double min,
    double max,
    double first,
    double last,
    double correction,
    int resets) {}
