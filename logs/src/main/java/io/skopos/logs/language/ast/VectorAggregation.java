// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

import io.skopos.engine.aggregation.Grouping;

/**
 * Series made into fewer at every step: {@code sum by (app) (...)}.
 *
 * @param parameter how many to choose; 0 for operators that choose none
 */
public record VectorAggregation(
    VectorOperator operator, Grouping grouping, int parameter, MetricExpr expr)
    implements MetricExpr {}
