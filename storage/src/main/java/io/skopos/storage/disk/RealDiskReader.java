// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.disk;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Reads with an {@link AsynchronousFileChannel} whose executor is the calling thread. A {@code
 * FileChannel} would close itself for every reader of the part when one cancelled query interrupts
 * its own thread; this channel is not interruptible and otherwise does the same {@code pread}.
 */
final class RealDiskReader implements DiskReader {

  private static final ExecutorService CALLING_THREAD = new CallingThread();

  private final Path file;
  private final AsynchronousFileChannel channel;

  private RealDiskReader(Path file, AsynchronousFileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static RealDiskReader open(Path file) throws IOException {
    return new RealDiskReader(
        file, AsynchronousFileChannel.open(file, Set.of(StandardOpenOption.READ), CALLING_THREAD));
  }

  @Override
  public void readFully(long offset, ByteBuffer into) throws IOException {
    long position = offset;
    while (into.hasRemaining()) {
      int read = read(position, into);
      if (read < 0) {
        throw new EOFException(
            file
                + " ends at "
                + length()
                + ", "
                + into.remaining()
                + " bytes before the end of a read that began at "
                + offset);
      }
      position += read;
    }
  }

  private int read(long position, ByteBuffer into) throws IOException {
    try {
      return channel.read(into, position).get();
    } catch (ExecutionException e) {
      IOException cause =
          e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
      throw DiskErrors.named(
          "read " + into.remaining() + " bytes at " + position + " from", file, cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while reading " + file + " at " + position);
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  @Override
  public long length() throws IOException {
    try {
      return channel.size();
    } catch (IOException e) {
      throw DiskErrors.named("read the size of", file, e);
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

  private static final class CallingThread extends AbstractExecutorService {

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void shutdown() {
      throw new UnsupportedOperationException("shared by all files");
    }

    @Override
    public List<Runnable> shutdownNow() {
      throw new UnsupportedOperationException("shared by all files");
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return false;
    }
  }
}
