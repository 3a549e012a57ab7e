// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Positional reads of one file. Thread-safe. */
public interface DiskReader extends AutoCloseable {

  /**
   * Fills the buffer from {@code offset}; an end of file before that is an {@link
   * java.io.EOFException}.
   */
  void readFully(long offset, ByteBuffer into) throws IOException;

  long length() throws IOException;

  @Override
  void close() throws IOException;
}
