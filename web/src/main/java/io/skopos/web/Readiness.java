// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import org.jspecify.annotations.Nullable;

/**
 * Whether the server takes requests. Until {@link #ready} endpoints answer 503 with the reason;
 * while draining they still work, but {@code /-/ready} says 503 so that balancers look elsewhere.
 * Thread-safe.
 */
public final class Readiness {

  private volatile @Nullable String startingBecause = "starting";
  private volatile boolean draining;

  /** Not ready (again), with what is being waited for, e.g. {@code replaying the log}. */
  public void starting(String reason) {
    startingBecause = reason;
  }

  public void ready() {
    startingBecause = null;
  }

  public void draining() {
    draining = true;
  }

  /** Why ordinary endpoints are refused now; null when they are served. */
  @Nullable String refusal() {
    return startingBecause;
  }

  /** Why {@code /-/ready} says no; null when it says yes. */
  @Nullable String notReadyReason() {
    return draining ? "shutting down" : startingBecause;
  }
}
