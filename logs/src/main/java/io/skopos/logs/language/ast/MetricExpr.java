// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

/** What has a number, or one per series, at every step. */
public sealed interface MetricExpr extends Expr
    permits RangeAggregation, VectorAggregation, Binary, LabelReplace, Literal, VectorLiteral {}
