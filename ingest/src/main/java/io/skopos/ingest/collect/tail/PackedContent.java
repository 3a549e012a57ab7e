// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/**
 * A compressed file, unpacked. Offsets count unpacked bytes. Reading goes forwards; what was read
 * last can be read again, anything before means starting over.
 */
final class PackedContent implements Content {

  private static final int BUFFER_BYTES = 64 << 10;

  private final Path path;
  private final PackedFormat format;
  private InputStream stream;
  private long position;

  /** The bytes that end at {@link #position}. */
  private byte[] window = new byte[0];

  private int windowLength;
  private boolean ended;

  PackedContent(Path path, PackedFormat format) throws IOException {
    this.path = path;
    this.format = format;
    this.stream = open();
  }

  private InputStream open() throws IOException {
    InputStream file = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
    try {
      return format == PackedFormat.GZ
          ? new GZIPInputStream(file, BUFFER_BYTES)
          : new InflaterInputStream(file);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public int read(long offset, byte[] into, int from, int length) throws IOException {
    if (offset < position - windowLength) {
      stream.close();
      stream = open();
      position = 0;
      windowLength = 0;
      ended = false;
    }
    if (offset > position) {
      stream.skipNBytes(offset - position);
      position = offset;
      windowLength = 0;
    }
    int again = (int) Math.min(position - offset, length);
    System.arraycopy(window, windowLength - (int) (position - offset), into, from, again);
    int total = again;
    while (total < length && !ended) {
      int read = stream.read(into, from + total, length - total);
      if (read < 0) {
        ended = true;
      } else {
        total += read;
        position += read;
      }
    }
    if (window.length < total) {
      window = new byte[length];
    }
    System.arraycopy(into, from, window, 0, total);
    windowLength = total;
    if (offset + total < position) {
      // A short read within the window: the rest of it is given up.
      int kept = (int) (position - offset);
      windowLength = Math.min(kept, total);
      stream.close();
      stream = open();
      stream.skipNBytes(offset + total);
      position = offset + total;
      ended = false;
    }
    return total;
  }

  @Override
  public long size() {
    return ended && windowLength >= 0 ? position : Long.MAX_VALUE;
  }

  @Override
  public boolean isComplete() {
    return ended;
  }

  @Override
  public void close() throws IOException {
    window = Arrays.copyOf(window, 0);
    stream.close();
  }
}
