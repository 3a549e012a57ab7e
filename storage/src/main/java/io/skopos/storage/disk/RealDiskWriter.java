// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

final class RealDiskWriter implements DiskWriter {

  private final Path file;
  private final FileChannel channel;
  private long length;

  RealDiskWriter(Path file, FileChannel channel, long length) {
    this.file = file;
    this.channel = channel;
    this.length = length;
  }

  @Override
  public void write(ByteBuffer... buffers) throws IOException {
    long remaining = 0;
    for (ByteBuffer buffer : buffers) {
      remaining += buffer.remaining();
    }
    try {
      while (remaining > 0) {
        long written = buffers.length == 1 ? channel.write(buffers[0]) : channel.write(buffers);
        remaining -= written;
        length += written;
      }
    } catch (IOException e) {
      throw DiskErrors.named("write " + remaining + " bytes at " + length + " to", file, e);
    }
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void sync() throws IOException {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw DiskErrors.named("sync", file, e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } catch (IOException e) {
      throw DiskErrors.named("close", file, e);
    }
  }
}
