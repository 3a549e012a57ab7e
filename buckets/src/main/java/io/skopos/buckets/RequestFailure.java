// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import io.skopos.buckets.http.HttpTransport.NotConnected;
import io.skopos.buckets.http.HttpTransport.NotInTime;
import io.skopos.buckets.http.HttpTransport.NotTrusted;
import java.io.IOException;
import java.io.InterruptedIOException;
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

  /** Of a connection, also while a body is read; an interrupt stays what it is. */
  public static IOException of(IOException thrown) {
    return switch (thrown) {
      case RequestFailure e -> e;
      case InterruptedIOException e -> e;
      case NotConnected e -> new RequestFailure(FailureKind.UNREACHABLE, message(e), e);
      case NotInTime e -> new RequestFailure(FailureKind.TIMEOUT, message(e), e);
      case NotTrusted e -> new RequestFailure(FailureKind.REFUSED, message(e), e);
      default -> new RequestFailure(FailureKind.UNAVAILABLE, message(thrown), thrown);
    };
  }

  /** What went wrong, also where an exception has no message. */
  public static String message(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  public FailureKind kind() {
    return kind;
  }

  public Duration retryAfter() {
    return retryAfter;
  }
}
