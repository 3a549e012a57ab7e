// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

/** A function cannot go on and the query fails with this text, which users see as it is. */
public final class FunctionFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public FunctionFailed(String message) {
    super(message);
  }
}
