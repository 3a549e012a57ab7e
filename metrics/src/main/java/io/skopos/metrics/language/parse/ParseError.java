// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import io.skopos.metrics.language.ast.PositionRange;

/** One thing wrong with a query text. */
public record ParseError(PositionRange position, String message) {}
