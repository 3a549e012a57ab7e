// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.disk;

import java.io.IOException;

/** Held until closed, or until the process ends. */
public interface DiskLock extends AutoCloseable {

  @Override
  void close() throws IOException;
}
