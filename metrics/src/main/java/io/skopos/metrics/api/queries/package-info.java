// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What is asked of the metrics wing, while it is asked and afterwards: {@link
 * io.skopos.metrics.api.queries.RunningQueries} lists what waits and runs and cancels it, {@link
 * io.skopos.metrics.api.queries.QueryLog} remembers what ended, {@link
 * io.skopos.metrics.api.queries.MetricUsage} which metrics were asked for. All of it is in memory
 * since the start, bounded, and told apart by tenant.
 */
@NullMarked
package io.skopos.metrics.api.queries;

import org.jspecify.annotations.NullMarked;
