// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

/** {@code vector(1)}: a series without labels that always has this value. */
public record VectorLiteral(double value) implements MetricExpr {}
