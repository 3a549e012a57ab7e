// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Nobody waits for the answer any more; there is nothing to send. */
final class ClientGone extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private ClientGone(String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
  }

  static ClientGone closed(@Nullable Throwable cause) {
    return new ClientGone("the client closed the connection", cause);
  }

  static ClientGone stalled(Duration timeout) {
    return new ClientGone(
        "the client took nothing of its answer for "
            + timeout.toMillis()
            + "ms (web.stall_timeout)",
        null);
  }
}
