// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

/**
 * {@code left / on (pod) group_left right}. At most one side is a {@link Literal}: two are computed
 * by the parser.
 *
 * @param bool whether a comparison answers 0 or 1 instead of filtering
 */
public record Binary(
    Operator operator, boolean bool, Matching matching, MetricExpr left, MetricExpr right)
    implements MetricExpr {}
