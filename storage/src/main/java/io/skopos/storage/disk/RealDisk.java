// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The operating system's files. */
public final class RealDisk implements Disk {

  private static final int CREATE_ATTEMPTS = 100;

  private static final boolean DIRECTORIES_CAN_BE_SYNCED =
      !System.getProperty("os.name", "").startsWith("Windows");

  @Override
  public DiskWriter create(Path file) throws IOException {
    try {
      return new RealDiskWriter(
          file, FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), 0);
    } catch (IOException e) {
      throw DiskErrors.named("create", file, e);
    }
  }

  @Override
  public DiskWriter append(Path file, long length) throws IOException {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      try {
        long present = channel.size();
        if (present < length) {
          throw new IOException(
              "it has " + present + " bytes, fewer than the " + length + " to append behind");
        }
        channel.truncate(length);
        channel.position(length);
        return new RealDiskWriter(file, channel, length);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw DiskErrors.named("append to", file, e);
    }
  }

  @Override
  public DiskReader open(Path file) throws IOException {
    try {
      return RealDiskReader.open(file);
    } catch (IOException e) {
      throw DiskErrors.named("open", file, e);
    }
  }

  @Override
  public boolean exists(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw DiskErrors.named("read the size of", file, e);
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw DiskErrors.named("rename " + from + " to", to, e);
    }
  }

  @Override
  public void link(Path file, Path secondName) throws IOException {
    try {
      Files.createLink(secondName, file);
    } catch (NoSuchFileException | FileAlreadyExistsException e) {
      throw DiskErrors.named("link " + file + " as", secondName, e);
    } catch (UnsupportedOperationException | IOException e) {
      // Another file system, or one without links, or with too many of them.
      copy(file, secondName);
    }
  }

  private static void copy(Path file, Path to) throws IOException {
    try {
      Files.copy(file, to);
      try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    } catch (IOException e) {
      throw DiskErrors.named("copy " + file + " to", to, e);
    }
  }

  @Override
  public boolean delete(Path file) throws IOException {
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("cannot delete " + file + " as a file: it is a directory");
    }
    try {
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      throw DiskErrors.named("delete", file, e);
    }
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        Files.createDirectories(directory);
        return;
      } catch (FileAlreadyExistsException | NoSuchFileException e) {
        // Another thread removed one of the directories, empty, while we went down.
        if (attempt == CREATE_ATTEMPTS || fileInTheWay(directory)) {
          throw DiskErrors.named("create the directory", directory, e);
        }
      } catch (IOException e) {
        throw DiskErrors.named("create the directory", directory, e);
      }
    }
  }

  private static boolean fileInTheWay(Path directory) {
    for (Path path = directory; path != null; path = path.getParent()) {
      if (Files.exists(path)) {
        return !Files.isDirectory(path);
      }
    }
    return false;
  }

  @Override
  public boolean deleteDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try {
      return Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException e) {
      return false;
    } catch (IOException e) {
      throw DiskErrors.named("delete the directory", directory, e);
    }
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    if (!DIRECTORIES_CAN_BE_SYNCED) {
      return; // NTFS journals renames; there is no handle to sync.
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("Invalid argument")) {
        return; // Some network and user-space file systems have no such thing for directories.
      }
      throw DiskErrors.named("sync the directory", directory, e);
    }
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw DiskErrors.named("list", directory, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw DiskErrors.named("list", directory, e);
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public boolean isDirectory(Path path) {
    return Files.isDirectory(path);
  }

  @Override
  public long usableBytes(Path path) throws IOException {
    Path existing = path.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    // Files.getFileStore would read the table of all mounts each time.
    long usable = existing.toFile().getUsableSpace();
    if (usable > 0) {
      return usable;
    }
    try {
      return Files.getFileStore(existing).getUsableSpace(); // 0 may stand for an error
    } catch (IOException e) {
      throw DiskErrors.named("read the free space below", path, e);
    }
  }

  @Override
  public @Nullable DiskLock tryLock(Path file) throws IOException {
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      @Nullable FileLock lock = null;
      try {
        lock = channel.tryLock();
      } catch (OverlappingFileLockException e) {
        // Held by this very process: for the caller the same as held by another.
      } finally {
        if (lock == null) {
          channel.close();
        }
      }
      return lock == null ? null : channel::close;
    } catch (IOException e) {
      throw DiskErrors.named("lock", file, e);
    }
  }
}
