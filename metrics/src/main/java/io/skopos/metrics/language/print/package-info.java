// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The syntax tree as text again, {@link io.skopos.metrics.language.print.Printer on one line} or
 * {@link io.skopos.metrics.language.print.PrettyPrinter on several}, and as {@link
 * io.skopos.metrics.language.print.TreeDescription plain maps} for the API. What is printed parses
 * to the same tree. No parsing here.
 */
@NullMarked
package io.skopos.metrics.language.print;

import org.jspecify.annotations.NullMarked;
