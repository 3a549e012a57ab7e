// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Which metrics are asked for ({@link io.skopos.metrics.api.queries.MetricUsage}), by the names
 * that queries write out ({@link io.skopos.metrics.api.queries.QueriedMetrics}). In memory since
 * the start, bounded, and told apart by tenant.
 */
@NullMarked
package io.skopos.metrics.api.queries;

import org.jspecify.annotations.NullMarked;
