// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * From text to tree. The {@link io.skopos.logs.language.parse.Lexer} makes tokens, the parsers go
 * down the grammar with one token of lookahead, and what is well-formed but makes no sense is found
 * on the way. Texts of errors and their positions are Loki's, as far as its grammar tells them.
 */
@NullMarked
package io.skopos.logs.language.parse;

import org.jspecify.annotations.NullMarked;
