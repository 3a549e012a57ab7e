// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A block in a folder of its own. */
public final class FolderFiles implements BlockFiles {

  private final Path folder;
  private final List<String> segments;
  private final long bytes;

  public FolderFiles(Path folder) throws IOException {
    this.folder = folder;
    Path chunks = folder.resolve(CHUNKS);
    if (Files.isDirectory(chunks)) {
      try (Stream<Path> files = Files.list(chunks)) {
        segments =
            files
                .map(file -> String.valueOf(file.getFileName()))
                .filter(name -> name.matches("[0-9]+"))
                .sorted()
                .map(name -> CHUNKS + "/" + name)
                .toList();
      }
    } else {
      segments = List.of();
    }
    long sum = 0;
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.walk(folder, 2)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          sum += Files.size(file);
        }
      }
    }
    bytes = sum;
  }

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public String place() {
    return String.valueOf(folder.toAbsolutePath().getParent());
  }

  @Override
  public boolean has(String file) {
    return Files.exists(folder.resolve(file));
  }

  @Override
  public List<String> segments() {
    return segments;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public BlockBytes open(String file) throws IOException {
    return new LocalFile(folder.resolve(file));
  }

  /** A file of the local disk. */
  private static final class LocalFile implements BlockBytes {

    private final Path path;
    private final FileChannel channel;
    private final long size;

    LocalFile(Path path) throws IOException {
      this.path = path;
      channel = FileChannel.open(path, StandardOpenOption.READ);
      size = channel.size();
    }

    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
      long at = offset;
      while (into.hasRemaining()) {
        int read = channel.read(into, at);
        if (read < 0) {
          throw new EOFException(path + ": the file became shorter while it was read");
        }
        at += read;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
