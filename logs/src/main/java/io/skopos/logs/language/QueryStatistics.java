// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

/**
 * What a query cost.
 *
 * @param lines entries looked at
 * @param bytes of their lines, about
 * @param linesKept entries that went all the way through the pipeline
 * @param streams that were read from
 */
public record QueryStatistics(
    long lines, long bytes, long linesKept, long streams, long parseNanos, long evalNanos) {}
