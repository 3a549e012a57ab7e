// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryObjectStoreContractTest {

  @Nested
  final class OnARealDisk extends ObjectStoreContract {

    @TempDir Path root;

    @Override
    protected ObjectStore store() throws IOException {
      return new DirectoryObjectStore(new RealDisk(), root, new PrometheusRegistry());
    }
  }

  @Nested
  final class OnASimulatedDisk extends ObjectStoreContract {

    @Override
    protected ObjectStore store() throws IOException {
      return new DirectoryObjectStore(
          new SimulatedDisk(1), Path.of("/objects"), new PrometheusRegistry());
    }
  }
}
