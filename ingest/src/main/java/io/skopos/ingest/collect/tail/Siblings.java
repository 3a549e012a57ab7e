// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What lies beside a file, where its rotated predecessors are. */
final class Siblings {

  private static final int MAX_DIRECTORY_ENTRIES = 10_000;

  private Siblings() {}

  /** All in the directory of a path, as far as it can be read. */
  static List<Path> of(Path path) {
    List<Path> entries = new ArrayList<>();
    Path directory = path.getParent();
    if (directory == null) {
      return entries;
    }
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path entry : stream) {
        if (entries.size() < MAX_DIRECTORY_ENTRIES) {
          entries.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return entries;
    }
    return entries;
  }

  /** The name that a file has now in the directory of a path; null when it has none there. */
  static @Nullable Path withId(Path path, String id) {
    for (Path entry : of(path)) {
      try {
        if (FileId.read(entry).id().toString().equals(id)) {
          return entry;
        }
      } catch (IOException e) {
        // Gone in the meantime.
      }
    }
    return null;
  }
}
