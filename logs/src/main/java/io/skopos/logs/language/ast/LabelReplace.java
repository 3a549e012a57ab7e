// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

/** {@code label_replace(v, "to", "$1", "from", "regex")}. */
public record LabelReplace(
    MetricExpr expr, String destination, String replacement, String source, String regex)
    implements MetricExpr {}
