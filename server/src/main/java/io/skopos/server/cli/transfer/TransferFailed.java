// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

/** A transfer cannot go on; the message is for the person who started it. */
public final class TransferFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private boolean forGood;

  public TransferFailed(String message) {
    super(message);
  }

  public TransferFailed(String message, Throwable cause) {
    super(message, cause);
  }

  /** The same command will fail the same way. */
  TransferFailed forGood() {
    forGood = true;
    return this;
  }

  /** Whether the same command may go on where this one stopped. */
  public boolean mayGoOn() {
    return !forGood;
  }
}
