// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

/**
 * A request's body in the first {@link #length} of {@link #bytes}. It belongs to the request: when
 * the handler has returned, the bytes are not to be touched any more.
 */
public final class Body implements AutoCloseable {

  private final byte[] bytes;
  private final int length;
  private final BodyMemory memory;
  private boolean closed;

  Body(byte[] bytes, int length, BodyMemory memory) {
    this.bytes = bytes;
    this.length = length;
    this.memory = memory;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return length;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      memory.giveBack(bytes);
    }
  }
}
