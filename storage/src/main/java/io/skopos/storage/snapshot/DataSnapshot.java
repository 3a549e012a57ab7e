// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.snapshot;

import io.skopos.storage.disk.Disk;
import io.skopos.storage.manifest.Manifests;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes a data directory of what another one's manifests name, below its folder {@code snapshots}.
 * Objects are replaced whole and never written in place, so they are linked, and copied where the
 * file system cannot link. The log is left out: rows that are in no part yet are not in the
 * snapshot, and a start on it counts on from the greatest position its manifests name.
 */
public final class DataSnapshot {

  private static final String FOLDER = "snapshots";
  private static final String DRAFT = ".tmp";

  /** Below the objects: what names others comes first. */
  private static final List<String> BEFORE_THE_REST = List.of("manifests", "documents");

  /** What a half written object lies in. */
  private static final String WRITING = "~writing";

  /** What was set aside as damaged is no use to the copy. */
  private static final String DAMAGED = "damaged";

  private static final List<String> ROOT_FILES =
      List.of("sharding", "sharding.copy", "epoch", "epoch.copy", "format.copy", "format");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Disk disk;
  private final Path root;
  private final Manifests manifests;

  public DataSnapshot(Disk disk, Path root, Manifests manifests) {
    this.disk = disk;
    this.root = root;
    this.manifests = manifests;
  }

  /**
   * @return the snapshot's name, which is its folder below {@code snapshots}
   */
  public String create(Instant now) throws IOException {
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    String name = TIME.format(now) + "-" + HexFormat.of().formatHex(random);
    Path folder = root.resolve(FOLDER).resolve(name);
    Path draft = folder.resolveSibling(name + DRAFT);
    disk.createDurably(draft.resolve("objects"));
    boolean whole = false;
    // Keeps the parts of the manifests that are linked, however long it takes.
    try (Manifests.Lease lease = manifests.lease()) {
      Path objects = root.resolve("objects");
      for (String first : BEFORE_THE_REST) {
        link(objects.resolve(first), draft.resolve("objects").resolve(first));
      }
      for (String child : disk.list(objects)) {
        if (!BEFORE_THE_REST.contains(child) && !child.equals(WRITING) && !child.equals(DAMAGED)) {
          link(objects.resolve(child), draft.resolve("objects").resolve(child));
        }
      }
      for (String file : ROOT_FILES) {
        linkFile(root.resolve(file), draft.resolve(file));
      }
      disk.syncDirectory(draft.resolve("objects"));
      disk.syncDirectory(draft);
      disk.rename(draft, folder);
      disk.syncDirectory(root.resolve(FOLDER));
      whole = true;
    } finally {
      if (!whole) {
        delete(draft);
      }
    }
    return name;
  }

  private void link(Path from, Path to) throws IOException {
    if (!disk.isDirectory(from)) {
      linkFile(from, to);
      return;
    }
    disk.createDirectories(to);
    for (String child : disk.list(from)) {
      link(from.resolve(child), to.resolve(child));
    }
    disk.syncDirectory(to);
  }

  private void linkFile(Path from, Path to) throws IOException {
    try {
      disk.link(from, to);
    } catch (NoSuchFileException e) {
      // Replaced or dropped since it was listed: nothing that was linked names it.
    }
  }

  private void delete(Path draft) throws IOException {
    for (String child : disk.list(draft)) {
      Path path = draft.resolve(child);
      if (disk.isDirectory(path)) {
        delete(path);
      } else {
        boolean _ = disk.delete(path);
      }
    }
    boolean _ = disk.deleteDirectory(draft);
  }
}
