// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** A file written from front to back, with CRC-32C over pieces of it. Not thread-safe. */
final class ChecksummedFile implements Closeable {

  private final FileOutputStream file;
  private final BufferedOutputStream out;
  private final CRC32C sum = new CRC32C();
  private long position;

  ChecksummedFile(Path path) throws IOException {
    file = new FileOutputStream(path.toFile());
    out = new BufferedOutputStream(file, 256 << 10);
  }

  long position() {
    return position;
  }

  /** What follows is checked by the next {@link #checksum}. */
  void begin() {
    sum.reset();
  }

  void checksum() throws IOException {
    int value = (int) sum.getValue();
    u32(value);
  }

  void u8(int value) throws IOException {
    out.write(value);
    sum.update(value);
    position++;
  }

  void u32(long value) throws IOException {
    for (int shift = 24; shift >= 0; shift -= 8) {
      u8((int) (value >>> shift) & 0xff);
    }
  }

  void u64(long value) throws IOException {
    u32(value >>> 32);
    u32(value);
  }

  void uvarint(long value) throws IOException {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      u8((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    u8((int) rest);
  }

  void bytes(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
    sum.update(bytes, 0, length);
    position += length;
  }

  void text(String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    uvarint(utf8.length);
    bytes(utf8, utf8.length);
  }

  void align(int to) throws IOException {
    while (position % to != 0) {
      u8(0);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.flush();
      file.getFD().sync();
    } finally {
      file.close();
    }
  }
}
