// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

import io.skopos.storage.disk.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows which directories below the root are sure to survive a crash. A directory that merely
 * exists may have been created a moment ago by another thread, or by a process that was killed, and
 * not be synced; so this process syncs the way down to each directory once, when it first uses it.
 */
final class DurableDirectories {

  /** Above this many the set is emptied; the directories are then synced once more. */
  private static final int MAX_KNOWN = 65_536;

  private final Disk disk;
  private final Path root;
  private final Set<Path> known = ConcurrentHashMap.newKeySet();

  /** Changed, but not known to be synced: a sync is running, or failed. */
  private final Set<Path> unsettled = ConcurrentHashMap.newKeySet();

  DurableDirectories(Disk disk, Path root) {
    this.disk = disk;
    this.root = root;
  }

  boolean contains(Path directory) {
    return directory.equals(root) || known.contains(directory);
  }

  /** Creates the directory below the root with its parents, durably. */
  void ensure(Path directory) throws IOException {
    if (contains(directory)) {
      return;
    }
    Path parent = parentOf(directory);
    ensure(parent);
    disk.createDirectories(directory);
    disk.syncDirectory(parent);
    isDurable(directory);
  }

  /** The directory was seen before the one above it was synced. */
  void isDurable(Path directory) {
    if (known.size() >= MAX_KNOWN) {
      known.clear();
    }
    known.add(directory);
  }

  /** After a directory turned out to be missing. */
  void forget(Path directory) {
    for (Path path = directory; !path.equals(root); path = parentOf(path)) {
      known.remove(path);
    }
  }

  /**
   * Makes a change in the directory durable. When that fails the change is there to be seen but may
   * yet go away, so the directory is noted for {@link #settle}.
   */
  void syncChanged(Path directory) throws IOException {
    unsettled.add(directory);
    syncNearest(directory);
    unsettled.remove(directory);
  }

  /** Before anything is read from the directory that a failed sync may have left in doubt. */
  void settle(Path directory) throws IOException {
    if (unsettled.contains(directory)) {
      syncNearest(directory);
      unsettled.remove(directory);
    }
  }

  /**
   * Syncs the directory. If it was found empty and removed meanwhile, it is that removal, in the
   * directory above, that must not be forgotten.
   */
  void syncNearest(Path directory) throws IOException {
    Path path = directory;
    while (true) {
      try {
        disk.syncDirectory(path);
        return;
      } catch (NoSuchFileException e) {
        if (path.equals(root)) {
          throw e;
        }
        path = parentOf(path);
      }
    }
  }

  /** Removes the directory and then its parents, as long as they are empty. */
  void removeEmpty(Path directory) throws IOException {
    Path path = directory;
    while (!path.equals(root)) {
      known.remove(path);
      if (!disk.deleteDirectory(path)) {
        return;
      }
      path = parentOf(path);
    }
  }

  private static Path parentOf(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " does not lie below the root");
    }
    return parent;
  }
}
