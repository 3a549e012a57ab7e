// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import java.io.IOException;
import java.nio.file.Path;

/** A log store, driven by a test. */
public final class StoreOnDisk extends io.skopos.testkit.storage.StoreOnDisk<LogStore> {

  public StoreOnDisk(Path directory) throws IOException {
    super(directory, LogStore::new);
  }
}
