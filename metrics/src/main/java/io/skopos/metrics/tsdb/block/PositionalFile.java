// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file read by position through one window, so that what lies together is read together. Numbers
 * are big endian. Not thread-safe.
 */
final class PositionalFile implements Closeable {

  private static final int WINDOW = 256 << 10;

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private byte[] window = new byte[WINDOW];
  private long windowStart;
  private int windowLength;

  PositionalFile(Path path) throws IOException {
    this.path = path;
    channel = FileChannel.open(path, StandardOpenOption.READ);
    size = channel.size();
  }

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  DamagedBlock damaged(long offset, String problem) {
    return new DamagedBlock(path, offset, problem);
  }

  /** Makes these bytes available and returns where they begin in {@link #bytes}. */
  int need(long offset, int length) throws IOException {
    if (offset < 0 || length < 0 || offset > size - length) {
      throw damaged(offset, length + " bytes are expected, the file ends at byte " + size);
    }
    if (offset < windowStart || offset + length > windowStart + windowLength) {
      fill(offset, length);
    }
    return (int) (offset - windowStart);
  }

  byte[] bytes() {
    return window;
  }

  private void fill(long offset, int length) throws IOException {
    if (length > window.length) {
      window = new byte[length];
    }
    int wanted = (int) Math.min(window.length, size - offset);
    ByteBuffer buffer = ByteBuffer.wrap(window, 0, wanted);
    windowLength = 0;
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, offset + buffer.position());
      if (read < 0) {
        break;
      }
    }
    windowStart = offset;
    windowLength = buffer.position();
    if (windowLength < length) {
      throw damaged(offset, "the file became shorter while it was read");
    }
  }

  int u8(long offset) throws IOException {
    return window[need(offset, 1)] & 0xff;
  }

  int u32(long offset) throws IOException {
    int at = need(offset, 4);
    return (window[at] & 0xff) << 24
        | (window[at + 1] & 0xff) << 16
        | (window[at + 2] & 0xff) << 8
        | window[at + 3] & 0xff;
  }

  long u64(long offset) throws IOException {
    return (long) u32(offset) << 32 | u32(offset + 4) & 0xffff_ffffL;
  }

  /** Checks the CRC-32C behind a range, however long that is. */
  void check(long offset, long length, String what) throws IOException {
    if (length < 0 || offset < 0 || offset > size - 4 - length) {
      throw damaged(offset, what + " would end behind the file, at byte " + (offset + length));
    }
    CRC32C sum = new CRC32C();
    for (long at = 0; at < length; ) {
      int part = (int) Math.min(WINDOW, length - at);
      int start = need(offset + at, part);
      sum.update(window, start, part);
      at += part;
    }
    if ((int) sum.getValue() != u32(offset + length)) {
      throw damaged(offset, "the checksum of " + what + " does not fit");
    }
  }

  /** A cursor over bytes that are copied out of the window. */
  ByteCursor cursor(long offset, int length) throws IOException {
    int start = need(offset, length);
    byte[] copy = new byte[length];
    System.arraycopy(window, start, copy, 0, length);
    return new ByteCursor(this, offset, copy);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
