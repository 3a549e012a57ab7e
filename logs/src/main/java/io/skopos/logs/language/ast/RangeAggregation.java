// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

import io.skopos.engine.aggregation.Grouping;
import org.jspecify.annotations.Nullable;

/**
 * A number made of the entries of each window: {@code quantile_over_time(0.9, {app="a"} | unwrap x
 * [5m]) by (pod)}.
 *
 * @param parameter the quantile; null for other operators
 * @param grouping null when series keep all labels
 */
public record RangeAggregation(
    RangeOperator operator, @Nullable Double parameter, LogRange range, @Nullable Grouping grouping)
    implements MetricExpr {}
