// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

import org.jspecify.annotations.Nullable;

/**
 * The entries of a window before each step: {@code {app="a"} | unwrap x [5m] offset 1h}.
 *
 * @param unwrap the label that is the entry's value; null when entries are counted
 * @param offsetNs how far the windows are moved into the past; negative for the future
 */
public record LogRange(LogExpr log, @Nullable Unwrap unwrap, long intervalNs, long offsetNs) {}
