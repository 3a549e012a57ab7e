// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.snapshot;

import io.skopos.storage.manifest.Manifests;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

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

  private final Path root;
  private final Manifests manifests;

  public DataSnapshot(Path root, Manifests manifests) {
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
    Files.createDirectories(draft.resolve("objects"));
    boolean whole = false;
    // Keeps the parts of the manifests that are linked, however long it takes.
    try (Manifests.Lease lease = manifests.lease()) {
      Path objects = root.resolve("objects");
      for (String first : BEFORE_THE_REST) {
        link(objects.resolve(first), draft.resolve("objects").resolve(first));
      }
      try (Stream<Path> rest = Files.list(objects)) {
        for (Path one : rest.toList()) {
          String child = one.getFileName().toString();
          if (!BEFORE_THE_REST.contains(child)
              && !child.equals(WRITING)
              && !child.equals(DAMAGED)) {
            link(one, draft.resolve("objects").resolve(child));
          }
        }
      }
      for (String file : ROOT_FILES) {
        copy(root.resolve(file), draft.resolve(file));
      }
      syncDirectories(draft);
      Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
      sync(root.resolve(FOLDER));
      whole = true;
    } finally {
      if (!whole) {
        delete(draft);
      }
    }
    return name;
  }

  private static void link(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      if (Files.isRegularFile(from)) {
        linkFile(from, to);
      }
      return;
    }
    Files.createDirectories(to);
    List<Path> children;
    try (Stream<Path> files = Files.list(from)) {
      children = files.toList();
    } catch (NoSuchFileException e) {
      // A day that retention has just emptied.
      return;
    }
    for (Path child : children) {
      link(child, to.resolve(child.getFileName().toString()));
    }
  }

  private static void linkFile(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (NoSuchFileException | FileAlreadyExistsException e) {
      // Replaced or dropped since it was listed: nothing that was linked names it.
    } catch (UnsupportedOperationException | IOException e) {
      copy(from, to);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try {
      Files.copy(from, to);
    } catch (NoSuchFileException e) {
      return;
    }
    sync(to);
  }

  private static void syncDirectories(Path draft) throws IOException {
    try (Stream<Path> all = Files.walk(draft)) {
      for (Path directory : all.filter(Files::isDirectory).toList()) {
        sync(directory);
      }
    }
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void delete(Path draft) throws IOException {
    try (Stream<Path> all = Files.walk(draft)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }
}
