// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.backup;

import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.objects.ObjectWriter;
import io.skopos.storage.objects.VersionConflict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies a data directory that nobody changes (a snapshot, or that of a stopped server) to a store.
 * Parts are copied once and shared by all backups; small files go together into packs; the catalog
 * comes last. One that was broken off is begun again and finds what it copied before.
 */
public final class Backup {

  private static final int PACK_BYTES = 8 << 20;
  private static final int SMALL_BYTES = 1 << 20;
  private static final int PAGE = 1000;

  /** What belongs to a process, is a copy itself, or can be fetched again. */
  private static final Set<String> LEFT_OUT =
      Set.of("lock", "owner", "snapshots", "damaged", "cache");

  private static final Set<String> LEFT_OUT_OF_OBJECTS = Set.of("~writing", "damaged");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final ObjectStore target;
  private final TransferLog log;
  private final LongAdder copiedFiles = new LongAdder();
  private final LongAdder copiedBytes = new LongAdder();

  public Backup(ObjectStore target, TransferLog log) {
    this.target = target;
    this.log = log;
  }

  /** What was done. */
  public record Result(String name, long files, long bytes, long copiedFiles, long copiedBytes) {}

  /** Copies {@code directory} as it is now. To be called once. */
  public Result run(Path directory, Instant now) throws IOException {
    String name = nameAt(now);
    List<String> paths = paths(directory);
    if (!paths.contains("format")) {
      throw new BackupFailed(directory + " is no data directory: it has no file 'format'");
    }
    Map<String, Long> present = present();
    Map<String, BackedUpFile> known = known();
    List<BackedUpFile> files = new ArrayList<>();
    List<String> small = new ArrayList<>();
    List<Callable<BackedUpFile>> transfers = new ArrayList<>();
    long bytes = 0;
    for (String path : paths) {
      long size = Files.size(directory.resolve(path));
      BackedUpFile before = known.get(path);
      if (BackupKeys.neverChanges(path)) {
        Long there = present.get(BackupKeys.FILES + path);
        if (there != null && there == size && before != null && before.size() == size) {
          files.add(before);
          continue;
        }
        transfers.add(() -> shared(directory, path, size, there));
      } else if (size <= SMALL_BYTES) {
        small.add(path);
      } else {
        transfers.add(() -> copy(directory, path, BackupKeys.own(name, path)));
      }
      bytes += size;
    }
    log.begin("copied", (long) transfers.size() + small.size(), bytes);
    files.addAll(SideBySide.run(transfers));
    files.addAll(packs(directory, name, small));
    files.sort(Comparator.comparing(BackedUpFile::path));
    BackupCatalog catalog = new BackupCatalog(name, now, files);
    String _ = target.putIfAbsent(BackupKeys.catalog(name), catalog.encode());
    return new Result(name, files.size(), catalog.bytes(), copiedFiles.sum(), copiedBytes.sum());
  }

  /** Sorts by time to the microsecond, and then by chance. */
  static String nameAt(Instant now) {
    int micros = now.getNano() / 1000;
    int chance = new SecureRandom().nextInt(1 << 12);
    return TIME.format(now) + "-" + HexFormat.of().toHexDigits(micros << 12 | chance);
  }

  /**
   * Removes all but the latest backups and what only the removed ones needed. Not while another
   * backup runs.
   *
   * @return how many objects went
   */
  public long keep(int count) throws IOException {
    List<String> names = BackupCatalog.names(target);
    if (names.size() <= count) {
      return 0;
    }
    List<String> kept = names.subList(names.size() - count, names.size());
    Set<String> needed = new HashSet<>();
    for (String name : kept) {
      needed.add(BackupKeys.catalog(name));
      BackupCatalog.read(target, name).files().forEach(file -> needed.add(file.object()));
    }
    // Catalogs first: a backup that lacks a file must not be there.
    long removed = 0;
    for (String name : names.subList(0, names.size() - count)) {
      removed += target.delete(BackupKeys.catalog(name)) ? 1 : 0;
    }
    String oldest = kept.getFirst();
    for (String root : List.of(BackupKeys.BACKUPS, BackupKeys.FILES)) {
      List<ObjectSummary> page = target.list(root, "", PAGE);
      while (!page.isEmpty()) {
        for (ObjectSummary object : page) {
          String name = BackupKeys.nameOf(object.key());
          boolean mayGo = name.isEmpty() || name.compareTo(oldest) < 0;
          if (mayGo && !needed.contains(object.key())) {
            removed += target.delete(object.key()) ? 1 : 0;
          }
        }
        page = target.list(root, page.getLast().key(), PAGE);
      }
    }
    return removed;
  }

  private static List<String> paths(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString().replace('\\', '/'))
          .filter(Backup::isWanted)
          .sorted()
          .toList();
    }
  }

  private static boolean isWanted(String path) {
    String[] segments = path.split("/", 3);
    return !LEFT_OUT.contains(segments[0])
        && !path.endsWith(".new")
        && !(segments[0].equals("objects")
            && segments.length > 1
            && LEFT_OUT_OF_OBJECTS.contains(segments[1]));
  }

  private Map<String, Long> present() throws IOException {
    Map<String, Long> present = new HashMap<>();
    List<ObjectSummary> page = target.list(BackupKeys.FILES, "", PAGE);
    while (!page.isEmpty()) {
      page.forEach(object -> present.put(object.key(), object.size()));
      page = target.list(BackupKeys.FILES, page.getLast().key(), PAGE);
    }
    return present;
  }

  private Map<String, BackedUpFile> known() throws IOException {
    Map<String, BackedUpFile> known = new HashMap<>();
    List<String> names = BackupCatalog.names(target);
    if (!names.isEmpty()) {
      BackupCatalog.read(target, names.getLast())
          .files()
          .forEach(file -> known.put(file.path(), file));
    }
    return known;
  }

  /** A part that a backup without a catalog may have copied. */
  private BackedUpFile shared(Path directory, String path, long size, @Nullable Long there)
      throws IOException {
    String object = BackupKeys.FILES + path;
    if (there != null && there == size) {
      String sha256 = Digests.of(directory.resolve(path));
      log.done(1, size);
      return new BackedUpFile(path, size, sha256, object, 0);
    }
    if (there != null) {
      throw new BackupFailed(
          "the target has "
              + there
              + " bytes of "
              + path
              + ", which has "
              + size
              + " here: it holds backups of another directory, or is damaged; take another prefix");
    }
    return copy(directory, path, object);
  }

  private BackedUpFile copy(Path directory, String path, String object) throws IOException {
    MessageDigest digest = Digests.begin();
    byte[] chunk = new byte[256 << 10];
    long size = 0;
    try (InputStream in = Files.newInputStream(directory.resolve(path));
        ObjectWriter writer = target.create(object)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        digest.update(chunk, 0, count);
        writer.write(ByteBuffer.wrap(chunk, 0, count));
        size += count;
        log.done(0, count);
      }
      writer.finish();
    } catch (VersionConflict e) {
      throw new BackupFailed("another backup is writing to the same place: " + e.getMessage());
    }
    log.done(1, 0);
    copiedFiles.increment();
    copiedBytes.add(size);
    return new BackedUpFile(path, size, Digests.end(digest), object, 0);
  }

  private List<BackedUpFile> packs(Path directory, String name, List<String> paths)
      throws IOException {
    List<BackedUpFile> files = new ArrayList<>();
    ByteArrayOutputStream pack = new ByteArrayOutputStream();
    int number = 0;
    for (String path : paths) {
      byte[] bytes = Files.readAllBytes(directory.resolve(path));
      if (pack.size() > 0 && pack.size() + bytes.length > PACK_BYTES) {
        String _ = target.putIfAbsent(BackupKeys.pack(name, number), pack.toByteArray());
        number++;
        pack.reset();
      }
      files.add(
          new BackedUpFile(
              path, bytes.length, Digests.of(bytes), BackupKeys.pack(name, number), pack.size()));
      pack.write(bytes);
      log.done(1, bytes.length);
      copiedFiles.increment();
      copiedBytes.add(bytes.length);
    }
    if (!paths.isEmpty()) {
      String _ = target.putIfAbsent(BackupKeys.pack(name, number), pack.toByteArray());
    }
    return files;
  }
}
