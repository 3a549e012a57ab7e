// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Gives the JDK's file errors the path and the deed; their kind stays recognisable. */
final class DiskErrors {

  private DiskErrors() {}

  /**
   * @param deed as in "cannot deed path", e.g. {@code write to}
   */
  static IOException named(String deed, Path path, IOException cause) {
    String name = path.toString();
    return switch (cause) {
      case DiskFull full -> full;
      case NoSuchFileException missing ->
          keepCause(
              new NoSuchFileException(name, null, "cannot " + deed + ": no such file"), missing);
      case FileAlreadyExistsException exists ->
          keepCause(
              new FileAlreadyExistsException(name, null, "cannot " + deed + ": it exists"), exists);
      case DirectoryNotEmptyException notEmpty -> notEmpty;
      case AccessDeniedException denied ->
          keepCause(
              new AccessDeniedException(
                  name, null, "cannot " + deed + ": permission denied to " + user()),
              denied);
      case EOFException eof -> eof;
      case IOException other -> {
        String reason = reason(other);
        String message = "cannot " + deed + " " + name + ": " + reason;
        yield isFull(reason) ? new DiskFull(message, other) : new IOException(message, other);
      }
    };
  }

  private static <E extends IOException> E keepCause(E error, IOException cause) {
    error.initCause(cause);
    return error;
  }

  private static String reason(IOException error) {
    @Nullable String reason =
        error instanceof FileSystemException failure ? failure.getReason() : error.getMessage();
    return reason == null ? error.getClass().getSimpleName() : reason;
  }

  // The JDK passes strerror(ENOSPC) and strerror(EDQUOT) on as text only.
  private static boolean isFull(String reason) {
    return reason.contains("No space left on device")
        || reason.contains("Disk quota exceeded")
        || reason.contains("not enough space on the disk");
  }

  private static String user() {
    return "user " + System.getProperty("user.name", "?");
  }
}
