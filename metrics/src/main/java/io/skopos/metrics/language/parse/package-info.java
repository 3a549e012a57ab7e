// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Text to syntax tree. {@link io.skopos.metrics.language.parse.PromqlParser} is the door: the
 * {@code Lexer} cuts the UTF-8 text into tokens, {@code ExpressionParser} builds the tree (with
 * {@code SelectorParser} for braces, {@code DurationParser} for brackets and offsets), {@code
 * TypeCheck} goes over it once it stands. Error texts and positions are Prometheus', because people
 * and programs know them. No evaluation here.
 */
@NullMarked
package io.skopos.metrics.language.parse;

import org.jspecify.annotations.NullMarked;
