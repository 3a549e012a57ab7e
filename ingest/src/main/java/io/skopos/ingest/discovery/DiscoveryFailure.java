// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery;

/** Targets could not be found this time; the message says why and holds no secret. */
public final class DiscoveryFailure extends Exception {

  private static final long serialVersionUID = 1L;

  public DiscoveryFailure(String message) {
    super(message);
  }

  public DiscoveryFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
