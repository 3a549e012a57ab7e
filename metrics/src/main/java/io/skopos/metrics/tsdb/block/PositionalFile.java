// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A file read by position through one window, so that what lies together is read together. Numbers
 * are big endian. Not thread-safe.
 */
final class PositionalFile implements Closeable {

  /** For files that are read from front to back. */
  static final int WINDOW = 256 << 10;

  private static final long MOST_AHEAD = 64L << 20;
  private static final byte[] NOTHING = {};

  private final BlockBytes file;
  private final long size;
  private final int windowBytes;
  private byte[] window = NOTHING;
  private long windowStart;
  private int windowLength;

  /**
   * Takes over the file.
   *
   * @param windowBytes read at a time; made when it is first needed
   */
  PositionalFile(BlockBytes file, int windowBytes) {
    this.file = file;
    this.size = file.size();
    this.windowBytes = windowBytes;
  }

  PositionalFile(BlockBytes file) {
    this(file, WINDOW);
  }

  String name() {
    return file.name();
  }

  long size() {
    return size;
  }

  DamagedBlock damaged(long offset, String problem) {
    return new DamagedBlock(file.name(), offset, problem);
  }

  void prefetch(long offset, long length) {
    long from = Math.max(0, offset);
    long to = Math.min(size, from + Math.clamp(length, 0, MOST_AHEAD));
    if (to > from) {
      file.prefetch(from, to - from);
    }
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
      window = new byte[(int) Math.max(length, Math.min(windowBytes, size))];
    }
    int wanted = (int) Math.min(window.length, size - offset);
    windowLength = 0;
    windowStart = offset;
    try {
      file.read(offset, ByteBuffer.wrap(window, 0, wanted));
    } catch (EOFException e) {
      DamagedBlock damaged = damaged(offset, "the file is shorter than it was");
      damaged.initCause(e);
      throw damaged;
    }
    windowLength = wanted;
  }

  int u8(long offset) throws IOException {
    int at = need(offset, 1);
    return window[at] & 0xff;
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
      int part = (int) Math.min(windowBytes, length - at);
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
    file.close();
  }
}
