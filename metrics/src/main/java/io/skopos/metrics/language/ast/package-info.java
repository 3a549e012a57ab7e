// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The syntax tree of PromQL: {@link io.skopos.metrics.language.ast.Expr} and its records, plain
 * immutable data that {@code parse} makes, {@code print} writes and the evaluator walks. Lengths of
 * time are {@link io.skopos.metrics.language.ast.QueryDuration}s; those that depend on the query's
 * step or range are fixed by {@link io.skopos.metrics.language.ast.DurationResolution} before
 * anything is evaluated. {@link io.skopos.metrics.language.ast.Signatures} lists every function. No
 * parsing, printing or evaluation here.
 */
@NullMarked
package io.skopos.metrics.language.ast;

import org.jspecify.annotations.NullMarked;
