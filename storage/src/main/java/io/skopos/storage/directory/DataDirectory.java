// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.directory;

import io.skopos.storage.Sharding;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.DiskLock;
import io.skopos.storage.disk.DiskReader;
import io.skopos.storage.disk.DiskWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open data directory: locked, of our format, with its sharding and a fresh owner epoch. One
 * server at a time; the lock ends with the process. Thread-safe.
 */
public final class DataDirectory implements AutoCloseable {

  /** What this Skopos reads and writes. Until 1.0 no other one is readable. */
  static final int FORMAT = 1;

  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

  private static final String LOCK = "lock";
  private static final String OWNER = "owner";
  private static final String FORMAT_FILE = "format";
  private static final String SHARDING = "sharding";
  private static final String EPOCH = "epoch";
  private static final String BUCKET = "bucket";
  private static final int MAX_NOTE_BYTES = 4096;

  private static final Pattern FORMAT_LINE =
      Pattern.compile("skopos data directory format (\\d+)\n");
  private static final Pattern SHARDING_LINES =
      Pattern.compile("shards (\\d{1,4})\nkey ([0-9a-f]{16})([0-9a-f]{16})\n");
  private static final Pattern EPOCH_LINE = Pattern.compile("epoch (\\d{1,18})\n");

  private static final Pattern BUCKET_LINES =
      Pattern.compile("writer ([0-9a-f]{32})\nbucket ([0-9a-f]{32}|-)\n");

  /** What a creation that was cut short may have left. */
  private static final Set<String> BEGINNINGS =
      Set.of(
          LOCK,
          OWNER,
          OWNER + TwinFile.NEW,
          SHARDING,
          SHARDING + TwinFile.COPY,
          SHARDING + TwinFile.NEW,
          SHARDING + TwinFile.COPY + TwinFile.NEW,
          FORMAT_FILE + TwinFile.COPY,
          FORMAT_FILE + TwinFile.NEW,
          FORMAT_FILE + TwinFile.COPY + TwinFile.NEW,
          "lost+found");

  private final Disk disk;
  private final Path root;
  private final DiskLock lock;
  private final Instant since;
  private final boolean isNew;
  private final Sharding sharding;
  private final long epoch;
  private final TwinFile bucket;

  private DataDirectory(
      Disk disk,
      Path root,
      DiskLock lock,
      Instant since,
      boolean isNew,
      Sharding sharding,
      long epoch,
      TwinFile bucket) {
    this.disk = disk;
    this.root = root;
    this.lock = lock;
    this.since = since;
    this.isNew = isNew;
    this.sharding = sharding;
    this.epoch = epoch;
    this.bucket = bucket;
  }

  /**
   * Opens the directory, created when missing or empty.
   *
   * @param shardsWhenNew ignored when the directory has a sharding already
   * @throws DataDirectoryInUse when another process, or another part of this one, has it open
   * @throws UnsupportedDataDirectory when it is of another format or something else
   */
  public static DataDirectory open(
      Disk disk, Path root, int shardsWhenNew, InstantSource clock, DamagedFiles damagedFiles)
      throws IOException {
    disk.createDurably(root);
    // Before the lock, which would leave a file in a directory that is none of ours.
    isEmpty(disk, root, damagedFiles);
    DiskLock lock = disk.tryLock(root.resolve(LOCK));
    if (lock == null) {
      throw new DataDirectoryInUse(
          "data directory "
              + root
              + " is in use by "
              + ownerNote(disk, root)
              + "; stop that server or give this one another directory (--data)");
    }
    try {
      boolean isNew = isEmpty(disk, root, damagedFiles);
      if (isNew) {
        create(disk, root, shardsWhenNew, damagedFiles);
      }
      Sharding sharding = readSharding(disk, root, damagedFiles);
      if (sharding.shardCount() != shardsWhenNew) {
        LOG.warn(
            "data directory {} has {} shards; the configured {} are for new directories only",
            root,
            sharding.shardCount(),
            shardsWhenNew);
      }
      long epoch = nextEpoch(disk, root, clock, damagedFiles);
      DataDirectory directory =
          new DataDirectory(
              disk,
              root,
              lock,
              clock.instant(),
              isNew,
              sharding,
              epoch,
              new TwinFile(disk, root, BUCKET, damagedFiles));
      directory.noteOwner("");
      return directory;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  public Path root() {
    return root;
  }

  /** For the write log's segments. */
  public Path log() {
    return root.resolve("log");
  }

  /** For the object store: parts, manifests, documents. */
  public Path objects() {
    return root.resolve("objects");
  }

  public Sharding sharding() {
    return sharding;
  }

  /** Greater than that of every process that had the directory before. */
  public long epoch() {
    return epoch;
  }

  /** True when {@link #open} created it. */
  public boolean isNew() {
    return isNew;
  }

  /** Which bucket the directory's parts go to; null when it never had one. */
  public @Nullable BucketBinding bucket() throws IOException {
    String line = bucket.read();
    Matcher binding = BUCKET_LINES.matcher(line == null ? "" : line);
    return binding.matches()
        ? new BucketBinding(binding.group(1), binding.group(2).equals("-") ? "" : binding.group(2))
        : null;
  }

  /** Durable when it returns. */
  public void bind(BucketBinding binding) throws IOException {
    bucket.write(
        "writer "
            + binding.writer()
            + "\nbucket "
            + (binding.bucket().isEmpty() ? "-" : binding.bucket())
            + "\n");
  }

  /** Tells a second server where this one listens, once that is known. */
  public void listening(String address) throws IOException {
    noteOwner(address);
  }

  @Override
  public void close() throws IOException {
    try {
      disk.delete(root.resolve(OWNER));
    } finally {
      lock.close();
    }
  }

  private static boolean isEmpty(Disk disk, Path root, DamagedFiles damagedFiles)
      throws IOException {
    List<String> names = disk.list(root);
    if (names.contains(FORMAT_FILE)) {
      checkFormat(disk, root, damagedFiles);
      return false;
    }
    List<String> foreign = new ArrayList<>(names);
    foreign.removeAll(BEGINNINGS);
    if (!foreign.isEmpty()) {
      throw new UnsupportedDataDirectory(
          root
              + " is no Skopos data directory and not empty (it has '"
              + foreign.getFirst()
              + "'); give an empty or a new one (--data)");
    }
    return true;
  }

  private static void checkFormat(Disk disk, Path root, DamagedFiles damagedFiles)
      throws IOException {
    String line = new TwinFile(disk, root, FORMAT_FILE, damagedFiles).read();
    Matcher format = FORMAT_LINE.matcher(line == null ? "" : line);
    if (!format.matches()) {
      throw new UnsupportedDataDirectory(
          "data directory "
              + root
              + ": the file 'format' and its copy are damaged; if the directory is of this Skopos,"
              + " let 'format' be the line 'skopos data directory format "
              + FORMAT
              + "' with its checksum as docs/formats/data-directory.md shows");
    }
    if (!format.group(1).equals(Integer.toString(FORMAT))) {
      throw new UnsupportedDataDirectory(
          "data directory "
              + root
              + " has format "
              + format.group(1)
              + ", this Skopos reads format "
              + FORMAT
              + " only: start the Skopos that wrote it, or give another directory (--data)");
    }
  }

  private static void create(Disk disk, Path root, int shards, DamagedFiles damagedFiles)
      throws IOException {
    SecureRandom random = new SecureRandom();
    Sharding sharding = new Sharding(shards, random.nextLong(), random.nextLong());
    new TwinFile(disk, root, SHARDING, damagedFiles).write(lines(sharding));
    // Last: a directory without a format is one whose creation may begin again.
    new TwinFile(disk, root, FORMAT_FILE, damagedFiles).write(formatLine());
  }

  static String formatLine() {
    return "skopos data directory format " + FORMAT + "\n";
  }

  static String lines(Sharding sharding) {
    HexFormat hex = HexFormat.of();
    return "shards "
        + sharding.shardCount()
        + "\nkey "
        + hex.toHexDigits(sharding.key0())
        + hex.toHexDigits(sharding.key1())
        + "\n";
  }

  private static Sharding readSharding(Disk disk, Path root, DamagedFiles damagedFiles)
      throws IOException {
    String lines = new TwinFile(disk, root, SHARDING, damagedFiles).read();
    Matcher sharding = SHARDING_LINES.matcher(lines == null ? "" : lines);
    if (!sharding.matches()) {
      throw new IOException(
          "data directory "
              + root
              + ": the files 'sharding' and 'sharding.copy' are both missing or damaged; restore"
              + " one of them from a backup, no row can be placed without it");
    }
    return new Sharding(
        Integer.parseInt(sharding.group(1)),
        HexFormat.fromHexDigitsToLong(sharding.group(2)),
        HexFormat.fromHexDigitsToLong(sharding.group(3)));
  }

  private static long nextEpoch(
      Disk disk, Path root, InstantSource clock, DamagedFiles damagedFiles) throws IOException {
    TwinFile file = new TwinFile(disk, root, EPOCH, damagedFiles);
    boolean existed = disk.exists(root.resolve(EPOCH));
    String line = file.read();
    Matcher last = EPOCH_LINE.matcher(line == null ? "" : line);
    long epoch;
    if (last.matches()) {
      epoch = Long.parseLong(last.group(1)) + 1;
    } else if (existed) {
      // Both copies are lost: seconds since 1970 are more than any count of starts.
      epoch = clock.instant().getEpochSecond();
    } else {
      epoch = 1;
    }
    file.write("epoch " + epoch + "\n");
    return epoch;
  }

  private void noteOwner(String address) throws IOException {
    String note =
        "process "
            + ProcessHandle.current().pid()
            + " since "
            + since
            + (address.isEmpty() ? "" : ", listening on " + address)
            + "\n";
    Path temporary = root.resolve(OWNER + TwinFile.NEW);
    disk.delete(temporary);
    try (DiskWriter writer = disk.create(temporary)) {
      writer.write(ByteBuffer.wrap(note.getBytes(StandardCharsets.UTF_8)));
    }
    // Not synced: it says nothing to anybody after a crash.
    disk.rename(temporary, root.resolve(OWNER));
  }

  private static String ownerNote(Disk disk, Path root) throws IOException {
    try (DiskReader reader = disk.open(root.resolve(OWNER))) {
      byte[] bytes = new byte[(int) Math.min(MAX_NOTE_BYTES, reader.length())];
      reader.readFully(0, ByteBuffer.wrap(bytes));
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (NoSuchFileException e) {
      return "another process that is just starting or stopping";
    }
  }
}
