// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * Which file of the file system it is, whatever its name.
 *
 * @param inode on file systems without inodes, made from the path
 */
record FileId(long device, long inode) {

  /**
   * What the file system says about a file.
   *
   * @param regular neither a directory nor a device or pipe
   */
  record Attributes(FileId id, long size, long modifiedMs, boolean regular) {}

  private static final boolean UNIX =
      Path.of("").getFileSystem().supportedFileAttributeViews().contains("unix");

  private static final int TYPE_MASK = 0170000;
  private static final int REGULAR = 0100000;

  /** Follows links. */
  static Attributes read(Path path) throws IOException {
    if (!UNIX) {
      BasicFileAttributes plain = Files.readAttributes(path, BasicFileAttributes.class);
      return new Attributes(
          new FileId(0, path.toAbsolutePath().toString().hashCode()),
          plain.size(),
          plain.lastModifiedTime().toMillis(),
          plain.isRegularFile());
    }
    Map<String, Object> unix =
        Files.readAttributes(path, "unix:dev,ino,size,lastModifiedTime,mode");
    return new Attributes(
        new FileId(number(unix, "dev"), number(unix, "ino")),
        number(unix, "size"),
        unix.get("lastModifiedTime") instanceof FileTime time ? time.toMillis() : 0,
        (number(unix, "mode") & TYPE_MASK) == REGULAR);
  }

  /** Whether a path names this file now. */
  boolean isAt(Path path) {
    try {
      return read(path).id().equals(this);
    } catch (IOException e) {
      return false;
    }
  }

  private static long number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Number number ? number.longValue() : 0;
  }

  @Override
  public String toString() {
    return Long.toHexString(device) + ":" + inode;
  }
}
