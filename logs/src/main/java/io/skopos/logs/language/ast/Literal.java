// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

/** A number. */
public record Literal(double value) implements MetricExpr {}
