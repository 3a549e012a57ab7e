// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

/** A query that parses but cannot be answered; the text is for the user as it is. */
public final class QueryRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public QueryRefused(String message) {
    super(message);
  }
}
