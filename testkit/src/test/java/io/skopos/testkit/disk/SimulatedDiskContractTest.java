// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.disk;

import io.skopos.storage.disk.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

final class SimulatedDiskContractTest extends DiskContract {

  private static final Path ROOT = Path.of("/simulated");

  @Override
  protected Disk disk() {
    SimulatedDisk disk = new SimulatedDisk(1);
    try {
      disk.createDirectories(ROOT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return disk;
  }

  @Override
  protected Path root() {
    return ROOT;
  }
}
