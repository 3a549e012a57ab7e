// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One request failed. The message says what the store said, never a credential. */
public final class RequestFailure extends IOException {

  private static final long serialVersionUID = 1L;

  private final FailureKind kind;
  private final Duration retryAfter;

  public RequestFailure(FailureKind kind, String message, @Nullable Throwable cause) {
    this(kind, message, Duration.ZERO, cause);
  }

  /**
   * @param retryAfter what the store asks to wait; zero when it does not say
   */
  public RequestFailure(
      FailureKind kind, String message, Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  public FailureKind kind() {
    return kind;
  }

  public Duration retryAfter() {
    return retryAfter;
  }
}
