// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One file of a block, read by position. Its length is known and does not change. */
public interface BlockBytes extends Closeable {

  /** For messages: the path, or the object's key. */
  String name();

  long size();

  /** Fills the buffer; an end before that is an {@link java.io.EOFException}. */
  void read(long offset, ByteBuffer into) throws IOException;

  /** Says that these bytes will be read soon; does not wait. */
  default void prefetch(long offset, long length) {}

  @Override
  default void close() throws IOException {}
}
