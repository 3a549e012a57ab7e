// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The tree of a LogQL query: records, sealed by kind. A {@link io.skopos.logs.language.ast.LogExpr}
 * selects entries, a {@link io.skopos.logs.language.ast.MetricExpr} makes numbers of them. The tree
 * holds what was written and nothing that was compiled from it.
 */
@NullMarked
package io.skopos.logs.language.ast;

import org.jspecify.annotations.NullMarked;
