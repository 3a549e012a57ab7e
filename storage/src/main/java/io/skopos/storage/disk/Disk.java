// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.disk;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file system, reduced to what the ground needs and can reason about after a crash: what is
 * synced stays, what is not may be gone or torn; a rename or creation is durable once {@link
 * #syncDirectory} of its directory has returned. Thread-safe. Errors are {@link IOException}s that
 * name the path; running out of room is {@link DiskFull}, a missing file {@link
 * java.nio.file.NoSuchFileException}.
 */
public interface Disk {

  /** Creates the file (it must not exist) for appending. */
  DiskWriter create(Path file) throws IOException;

  /** Opens an existing file for appending behind {@code length}; what lies behind is cut off. */
  DiskWriter append(Path file, long length) throws IOException;

  /** Opens for positional reads. Removing the file while it is open does not disturb the reader. */
  DiskReader open(Path file) throws IOException;

  boolean exists(Path file) throws IOException;

  /** Bytes of the file. */
  long size(Path file) throws IOException;

  /** Atomic, replaces the target. Durable after syncing the directories. */
  void rename(Path from, Path to) throws IOException;

  /**
   * Gives a file that will never be written again a second name, which must be free; where the file
   * system has no such thing, copies it. Durable after syncing the directory.
   */
  void link(Path file, Path secondName) throws IOException;

  /** True when the file was there. */
  boolean delete(Path file) throws IOException;

  /** With all parents. */
  void createDirectories(Path directory) throws IOException;

  void syncDirectory(Path directory) throws IOException;

  /**
   * Creates the directory with all parents so that neither it nor they are lost in a crash; also
   * those that exist, since a process that was killed may have created them a moment ago.
   */
  default void createDurably(Path directory) throws IOException {
    createDirectories(directory);
    Path parent = directory.toAbsolutePath().normalize().getParent();
    for (; parent != null; parent = parent.getParent()) {
      try {
        syncDirectory(parent);
      } catch (AccessDeniedException e) {
        return; // Nothing above was created by us.
      }
    }
  }

  /** Removes the directory when it is empty; false when it is not, or not there. */
  boolean deleteDirectory(Path directory) throws IOException;

  /** The names in the directory, sorted; empty when it does not exist. */
  List<String> list(Path directory) throws IOException;

  boolean isDirectory(Path path) throws IOException;

  /** Free bytes on the file system below the path. */
  long usableBytes(Path path) throws IOException;

  /**
   * Locks the file, created when missing, against all other processes and callers; null when
   * somebody holds it. The lock ends with the process, however it ends.
   */
  @Nullable DiskLock tryLock(Path file) throws IOException;
}
