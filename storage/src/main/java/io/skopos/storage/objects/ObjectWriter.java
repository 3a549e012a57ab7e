// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes one object from front to back. Not thread-safe. Closing it unfinished leaves nothing. */
public interface ObjectWriter extends AutoCloseable {

  /** Writes all remaining bytes of all buffers; they may be reused afterwards. */
  void write(ByteBuffer... buffers) throws IOException;

  /** Bytes written so far. */
  long length();

  /**
   * Makes the object durable and visible under its key.
   *
   * @throws VersionConflict when the key is taken
   */
  void finish() throws IOException;

  /** Discards the object unless it is finished. */
  @Override
  void close();
}
