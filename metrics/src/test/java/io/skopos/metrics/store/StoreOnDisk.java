// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import java.io.IOException;
import java.nio.file.Path;

/** A metrics store, driven by a test. */
final class StoreOnDisk extends io.skopos.testkit.storage.StoreOnDisk<MetricsStore> {

  StoreOnDisk(Path directory) throws IOException {
    super(directory, MetricsStore::new);
  }
}
