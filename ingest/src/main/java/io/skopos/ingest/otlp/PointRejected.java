// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.web.receive.Rejection;

/** One data point cannot be kept; the others can. */
final class PointRejected extends Exception {

  private static final long serialVersionUID = 1L;

  private final Rejection kind;

  PointRejected(Rejection kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  Rejection kind() {
    return kind;
  }
}
