// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.skopos.server.cli.transfer.TransferFailed;
import java.nio.file.Files;
import java.nio.file.Path;

/** A command cannot do what was asked; the message is for the person who typed it. */
final class CommandFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CommandFailed(String message) {
    super(message);
  }

  CommandFailed(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * @param state where the transfer notes what is done
   */
  static CommandFailed by(TransferFailed failure, Path state) {
    return new CommandFailed(
        failure.getMessage()
            + (failure.mayGoOn() && Files.exists(state)
                ? "; the same command goes on where it stopped"
                : ""),
        failure);
  }
}
