// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

import io.skopos.storage.disk.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One page of a listing in key order. A directory sorts as its name with a slash, so that a walk
 * from name to name meets the keys in order.
 */
final class DirectoryListing {

  private final Disk disk;
  private final Path root;
  private final String prefix;
  private final String after;
  private final int limit;
  private final List<ObjectSummary> page = new ArrayList<>();

  DirectoryListing(Disk disk, Path root, String prefix, String after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a listing's limit of " + limit + " is not positive");
    }
    this.disk = disk;
    this.root = root;
    this.prefix = prefix;
    this.after = after;
    this.limit = limit;
  }

  List<ObjectSummary> run() throws IOException {
    int lastSlash = prefix.lastIndexOf('/');
    String folder = prefix.substring(0, lastSlash + 1);
    if (lastSlash >= 0) {
      ObjectKeys.check(prefix.substring(0, lastSlash));
    }
    walk(folder);
    return page;
  }

  /**
   * @param folder empty, or ending with a slash
   */
  private void walk(String folder) throws IOException {
    Path directory =
        folder.isEmpty() ? root : root.resolve(folder.substring(0, folder.length() - 1));
    List<String> entries = new ArrayList<>();
    for (String name : disk.list(directory)) {
      String key = folder + name;
      // Others' files (lost+found, an editor's backup, our own unfinished ones) are no objects.
      if (mayHoldWanted(key) && ObjectKeys.isKey(key)) {
        entries.add(disk.isDirectory(directory.resolve(name)) ? key + "/" : key);
      }
    }
    Collections.sort(entries);
    for (String entry : entries) {
      if (page.size() == limit) {
        return;
      }
      if (entry.endsWith("/")) {
        boolean allListed = entry.compareTo(after) < 0 && !after.startsWith(entry);
        if (!allListed) {
          walk(entry);
        }
      } else if (entry.startsWith(prefix) && entry.compareTo(after) > 0) {
        add(entry);
      }
    }
  }

  private void add(String key) throws IOException {
    try {
      page.add(new ObjectSummary(key, disk.size(root.resolve(key))));
    } catch (NoSuchFileException e) {
      // Deleted since the directory was read: not listed, as if we had come later.
    }
  }

  private boolean mayHoldWanted(String key) {
    return key.startsWith(prefix) || prefix.startsWith(key);
  }
}
