// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

/**
 * A token.
 *
 * @param text of an identifier, a number or a flag as written, of a string what it stands for
 * @param amount nanoseconds of a duration or a range, bytes of a size
 * @param line as error messages tell it: 0 for some tokens
 */
record Token(TokenType type, String text, long amount, int line, int column) {}
