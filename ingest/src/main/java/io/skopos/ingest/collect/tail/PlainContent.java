// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file as it is. */
final class PlainContent implements Content {

  private final FileChannel channel;

  PlainContent(Path path) throws IOException {
    channel = FileChannel.open(path, StandardOpenOption.READ);
  }

  @Override
  public int read(long offset, byte[] into, int from, int length) throws IOException {
    int total = 0;
    while (total < length) {
      int read = channel.read(ByteBuffer.wrap(into, from + total, length - total), offset + total);
      if (read <= 0) {
        break;
      }
      total += read;
    }
    return total;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public boolean isComplete() {
    return false;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
