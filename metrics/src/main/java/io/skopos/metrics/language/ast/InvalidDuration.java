// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

/** A duration expression has no usable value; the text is Prometheus', for the user. */
public final class InvalidDuration extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InvalidDuration(String what, PositionRange position) {
    super(position.start() + ":" + position.end() + ": " + what);
  }
}
