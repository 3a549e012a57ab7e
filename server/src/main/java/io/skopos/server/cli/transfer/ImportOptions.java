// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import io.skopos.metrics.tsdb.chunk.AggregateChunk.Aggregate;
import io.skopos.model.TimeRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * How an import is to be done.
 *
 * @param labels set on every series
 * @param aggregates of downsampled blocks that become series of their own
 * @param externalLabels whether those of Thanos and Mimir are set on series that lack them
 * @param dryRun reads and counts, sends nothing
 * @param verify asks the server afterwards how many samples it has
 * @param samplesPerSecond 0 for as fast as it goes
 */
public record ImportOptions(
    SeriesFilter filter,
    TimeRange range,
    Map<String, String> labels,
    Set<Aggregate> aggregates,
    boolean externalLabels,
    boolean dryRun,
    boolean verify,
    Duration patience,
    double samplesPerSecond,
    Path state) {

  public ImportOptions {
    labels = Map.copyOf(labels);
    aggregates = Set.copyOf(aggregates);
  }
}
