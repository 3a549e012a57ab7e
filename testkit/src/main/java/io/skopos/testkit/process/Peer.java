// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.process;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds programs of peers. */
public final class Peer {

  private Peer() {}

  /**
   * The program's path.
   *
   * @throws org.opentest4j.TestAbortedException when it is not installed and not required: the test
   *     is skipped
   */
  public static Path require(String program) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    for (String directory : path.split(":")) {
      Path candidate = Path.of(directory).resolve(program);
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    String reason = "skipped: " + program + " is not installed (Debian has it)";
    if (Boolean.parseBoolean(System.getenv().getOrDefault("SKOPOS_REQUIRE_PEERS", "false"))) {
      throw new AssertionError(program + " is not installed, and SKOPOS_REQUIRE_PEERS asks for it");
    }
    System.out.println(reason);
    Assumptions.abort(reason);
    throw new AssertionError(reason);
  }
}
