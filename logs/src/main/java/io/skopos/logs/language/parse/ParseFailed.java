// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

/** A text is no query. The message is for the user, and as Loki would word it. */
public final class ParseFailed extends Exception {

  private static final long serialVersionUID = 1L;

  /** Without a position: the text is well-formed but means nothing. */
  public ParseFailed(String problem) {
    super("parse error : " + problem);
  }

  /** Lines and columns, in characters, count from 1; a line of 0 means that it is not told. */
  ParseFailed(String problem, int line, int column) {
    super(
        line == 0 && column == 0
            ? "parse error : " + problem
            : "parse error at line " + line + ", col " + column + ": " + problem);
  }
}
