// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server;

/** The server cannot start here; the message says why and what to do. */
public final class StartRefused extends Exception {

  private static final long serialVersionUID = 1L;

  public StartRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
