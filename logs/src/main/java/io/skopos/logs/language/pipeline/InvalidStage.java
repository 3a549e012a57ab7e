// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/** A stage cannot be made of its parameters. The text is for the user as it is, as Loki says it. */
public final class InvalidStage extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  public InvalidStage(String message) {
    super(message);
  }

  public InvalidStage(String message, Throwable cause) {
    super(message, cause);
  }
}
