// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

/** A line that cannot be read. The message names the line's number and what was wrong with it. */
public final class ExpositionException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int line;

  /** Without a stack trace: a body may hold a million bad lines. */
  ExpositionException(int line, String problem) {
    super("line " + line + ": " + problem, null, false, false);
    this.line = line;
  }

  /** Counted from 1. */
  public int line() {
    return line;
  }
}
