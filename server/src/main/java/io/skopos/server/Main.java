// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server;

import io.skopos.server.cli.SkoposCommand;

/** Where the JVM starts. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    int status = SkoposCommand.run(arguments);
    // A server's own threads keep the JVM alive; its stop hook ends it.
    if (status != SkoposCommand.KEEPS_RUNNING) {
      System.exit(status);
    }
  }
}
