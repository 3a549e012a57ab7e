// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import java.io.IOException;

/** What stands in an open file. Used by one thread. */
interface Content extends AutoCloseable {

  /**
   * Reads what is there at an offset, at most {@code length} bytes.
   *
   * @return how many; 0 when nothing is there (yet)
   */
  int read(long offset, byte[] into, int from, int length) throws IOException;

  /** Bytes it has now; {@code Long.MAX_VALUE} when only reading tells. */
  long size() throws IOException;

  /** Whether nothing will be added. */
  boolean isComplete();

  @Override
  void close() throws IOException;
}
