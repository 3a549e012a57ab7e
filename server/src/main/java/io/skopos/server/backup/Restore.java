// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.backup;

import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.objects.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a data directory of a backup. Each file is checked against the catalog, synced and renamed
 * to its place; the file {@code format} comes last, without which no server starts on it. One that
 * was broken off is begun again and keeps the files that are whole.
 */
public final class Restore {

  /** Names the backup while a directory is not whole. */
  static final String MARK = "restoring";

  private static final String DRAFT = ".restoring";
  private static final String LAST = "format";
  private static final int CHUNK = 4 << 20;

  private final ObjectStore source;
  private final TransferLog log;
  private final RealDisk disk = new RealDisk();

  public Restore(ObjectStore source, TransferLog log) {
    this.source = source;
    this.log = log;
  }

  /** What was done. */
  public record Result(String name, long files, long bytes, long fetchedFiles) {}

  /** All whole backups, oldest first. */
  public static List<String> names(ObjectStore source) throws IOException {
    return BackupCatalog.names(source);
  }

  /**
   * Checks a backup: every file is fetched and compared with the catalog, nothing is written.
   *
   * @return what is wrong, by file
   */
  public List<String> verify(String name) throws IOException {
    BackupCatalog catalog = BackupCatalog.read(source, name(name));
    log.begin("verified", catalog.files().size(), catalog.bytes());
    List<Callable<String>> checks = new ArrayList<>();
    for (BackedUpFile file : catalog.files()) {
      checks.add(() -> {
        try {
          fetch(file, null);
          return "";
        } catch (IOException e) {
          return String.valueOf(e.getMessage());
        }
      });
    }
    return SideBySide.run(checks).stream().filter(problem -> !problem.isEmpty()).toList();
  }

  /**
   * @param name empty for the latest
   * @param directory missing, empty, or what an earlier restore of this backup left
   */
  public Result run(String name, Path directory) throws IOException {
    String chosen = name(name);
    BackupCatalog catalog = BackupCatalog.read(source, chosen);
    claim(directory, chosen);
    log.begin("restored", catalog.files().size(), catalog.bytes());
    List<Callable<Boolean>> fetches = new ArrayList<>();
    for (BackedUpFile file : catalog.files()) {
      if (!file.path().equals(LAST)) {
        disk.createDurably(parent(directory.resolve(file.path())));
        fetches.add(() -> place(file, directory));
      }
    }
    long fetched = SideBySide.run(fetches).stream().filter(each -> each).count();
    for (BackedUpFile file : catalog.files()) {
      if (file.path().equals(LAST)) {
        fetched += place(file, directory) ? 1 : 0;
      }
    }
    Files.delete(directory.resolve(MARK));
    disk.syncDirectory(directory);
    return new Result(chosen, catalog.files().size(), catalog.bytes(), fetched);
  }

  private String name(String given) throws IOException {
    List<String> names = BackupCatalog.names(source);
    if (names.isEmpty()) {
      throw new BackupFailed("there is no backup");
    }
    if (given.isEmpty()) {
      return names.getLast();
    }
    if (!names.contains(given)) {
      throw new BackupFailed(
          "there is no backup " + given + "; there are: " + String.join(", ", names));
    }
    return given;
  }

  private void claim(Path directory, String name) throws IOException {
    disk.createDurably(directory);
    Path mark = directory.resolve(MARK);
    if (Files.exists(mark)) {
      String other = Files.readString(mark).strip();
      if (!other.equals(name)) {
        throw new BackupFailed(
            directory
                + " holds an unfinished restore of "
                + other
                + "; finish that one, or take an empty directory");
      }
      return;
    }
    try (Stream<Path> present = Files.list(directory)) {
      if (present.anyMatch(path -> !path.endsWith("lost+found"))) {
        throw new BackupFailed(directory + " is not empty; restore into an empty or a new one");
      }
    }
    Files.writeString(mark, name + "\n");
    disk.syncDirectory(directory);
  }

  /** True when it had to be fetched. */
  private boolean place(BackedUpFile file, Path directory) throws IOException {
    Path target = directory.resolve(file.path());
    if (Files.exists(target)
        && Files.size(target) == file.size()
        && Digests.of(target).equals(file.sha256())) {
      log.done(1, file.size());
      return false;
    }
    Path draft = target.resolveSibling(target.getFileName() + DRAFT);
    Files.deleteIfExists(draft);
    try (FileChannel channel =
        FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      fetch(file, channel);
      channel.force(true);
    }
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    disk.syncDirectory(parent(target));
    return true;
  }

  private void fetch(BackedUpFile file, @Nullable FileChannel into) throws IOException {
    MessageDigest digest = Digests.begin();
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, Math.max(1, file.size())));
    for (long at = 0; at < file.size(); at += chunk.limit()) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), file.size() - at));
      source.getRange(file.object(), file.offset() + at, chunk);
      chunk.flip();
      digest.update(chunk.duplicate());
      log.done(0, chunk.limit());
      while (into != null && chunk.hasRemaining()) {
        int _ = into.write(chunk);
      }
    }
    if (!Digests.end(digest).equals(file.sha256())) {
      throw new BackupFailed(
          "'"
              + file.path()
              + "' is damaged in the backup: object '"
              + file.object()
              + "' at "
              + file.offset()
              + " has not the SHA-256 of the catalog");
    }
    log.done(1, 0);
  }

  private static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " has no directory");
    }
    return parent;
  }
}
