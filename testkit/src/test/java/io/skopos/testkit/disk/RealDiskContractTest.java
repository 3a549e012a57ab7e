// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.disk;

import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.RealDisk;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class RealDiskContractTest extends DiskContract {

  @TempDir Path root;

  @Override
  protected Disk disk() {
    return new RealDisk();
  }

  @Override
  protected Path root() {
    return root;
  }
}
