// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Appends to one file. Not thread-safe. After an error the tail of the file is unknown: the owner
 * cuts it back to the last synced length, or leaves the file.
 */
public interface DiskWriter extends AutoCloseable {

  /** Writes all remaining bytes of all buffers, in order. */
  void write(ByteBuffer... buffers) throws IOException;

  /** Bytes written, synced or not. */
  long length();

  /** Data and length are on stable storage when it returns. */
  void sync() throws IOException;

  @Override
  void close() throws IOException;
}
