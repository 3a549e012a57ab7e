// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

/**
 * What is known about a metric family.
 *
 * @param type as in the Prometheus API: counter, gauge, histogram, gaugehistogram, summary, info,
 *     stateset, unknown
 * @param unit empty when not told
 */
public record MetricMetadata(String type, String help, String unit) {}
