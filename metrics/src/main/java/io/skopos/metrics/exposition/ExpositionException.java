// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

/**
 * Something in a body that cannot be read. The message names the line's number, or in protobuf the
 * byte or family, and what was wrong with it.
 */
public final class ExpositionException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int line;

  /** Without a stack trace: a body may hold a million bad lines. */
  ExpositionException(int line, String problem) {
    super("line " + line + ": " + problem, null, false, false);
    this.line = line;
  }

  /** Of protobuf, which has no lines. */
  ExpositionException(String problem) {
    super(problem, null, false, false);
    this.line = 0;
  }

  /** Counted from 1; 0 when the format has no lines. */
  public int line() {
    return line;
  }
}
