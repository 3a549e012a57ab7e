// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

/** A query. */
public sealed interface Expr permits LogExpr, MetricExpr {}
