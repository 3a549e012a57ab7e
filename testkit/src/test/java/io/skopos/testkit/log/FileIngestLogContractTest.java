// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.log;

import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.log.IngestLog;
import io.skopos.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

final class FileIngestLogContractTest {

  @Nested
  final class OnARealDisk extends IngestLogContract {

    private final Disk disk = new RealDisk();
    @TempDir Path directory;

    @Override
    protected IngestLog open() throws IOException {
      return FileLogs.open(disk, directory, SHARDS);
    }
  }

  @Nested
  final class OnASimulatedDisk extends IngestLogContract {

    private final Disk disk = new SimulatedDisk(1);

    @Override
    protected IngestLog open() throws IOException {
      return FileLogs.open(disk, Path.of("/data"), SHARDS);
    }
  }
}
