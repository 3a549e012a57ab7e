// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

/** An exchange that failed; the message is shown to users and holds no secret. */
public class FetchFailure extends Exception {

  private static final long serialVersionUID = 1L;

  public FetchFailure(String message) {
    super(message);
  }

  public FetchFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
