// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import java.io.Console;

/** Whether a person looks on. */
final class Terminal {

  private Terminal() {}

  static boolean isOne() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
