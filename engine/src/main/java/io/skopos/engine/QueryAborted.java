// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

/** A query was stopped: by a limit, its deadline or its caller. */
public final class QueryAborted extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    TIMEOUT,
    CANCELLED,
    TOO_MANY_SAMPLES,
    TOO_MANY_SERIES,
    TOO_MANY_BYTES
  }

  private final Reason reason;

  public QueryAborted(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
