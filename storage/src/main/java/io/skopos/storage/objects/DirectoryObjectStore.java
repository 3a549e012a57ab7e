// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.DiskLock;
import io.skopos.storage.disk.DiskReader;
import io.skopos.storage.disk.DiskWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory as object store: the key is the path below the root. An object is written under
 * {@value #WRITING} (no key can reach it), synced, renamed to its place, and the directory synced.
 *
 * <p>Conditional writes hold for one process, as in a data directory, whose lock sees to that; for
 * several when they open it {@link #shared}. A version is the first half of the content's SHA-256.
 */
public final class DirectoryObjectStore implements ObjectStore, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DirectoryObjectStore.class);

  static final String WRITING = "~writing";

  private static final int MAX_OPEN_FILES = 512;
  private static final int RENAME_ATTEMPTS = 8;

  /**
   * From as many on they are settled by several threads, which wait for the disk most of the time.
   */
  private static final int MANY_DIRECTORIES = 256;

  private static final int DIRECTORY_THREADS = 16;

  private final Disk disk;
  private final Path root;
  private final Path writing;
  private final @Nullable SharedDirectory shared;
  private final DurableDirectories directories;
  private final OpenFiles openFiles;
  private final ObjectTraffic traffic = new ObjectTraffic();
  private final AtomicLong nextTemporary = new AtomicLong();
  private final ReentrantLock[] keyLocks = new ReentrantLock[64];

  /**
   * Opens the directory, created when missing, and removes what an earlier process left unfinished.
   */
  public DirectoryObjectStore(Disk disk, Path root, PrometheusRegistry registry)
      throws IOException {
    this(disk, root, false, registry);
  }

  /** Opens a directory that other processes may use at the same time. */
  public static DirectoryObjectStore shared(Disk disk, Path root, PrometheusRegistry registry)
      throws IOException {
    return new DirectoryObjectStore(disk, root, true, registry);
  }

  private DirectoryObjectStore(Disk disk, Path root, boolean isShared, PrometheusRegistry registry)
      throws IOException {
    this.disk = disk;
    this.root = root;
    Path drafts = root.resolve(WRITING);
    this.directories = new DurableDirectories(disk, root);
    this.openFiles = new OpenFiles(disk, MAX_OPEN_FILES);
    Arrays.setAll(keyLocks, i -> new ReentrantLock());
    disk.createDurably(root);
    directories.ensure(drafts);
    if (isShared) {
      shared = new SharedDirectory(disk, drafts);
      writing = shared.drafts();
    } else {
      shared = null;
      writing = drafts;
      for (String name : disk.list(writing)) {
        disk.delete(writing.resolve(name));
      }
    }
    traffic.register(registry);
    GaugeWithCallback.builder()
        .name("skopos_storage_open_object_files")
        .help("Files of the object directory kept open for reading; bounded.")
        .callback(callback -> callback.call(openFiles.count()))
        .register(registry);
  }

  @Override
  public ObjectWriter create(String key) throws IOException {
    Path target = pathOf(key);
    Path temporary = temporary();
    return new Writer(key, target, temporary, disk.create(temporary));
  }

  @Override
  public String put(String key, byte[] bytes) throws IOException {
    return write(key, bytes, present -> {});
  }

  @Override
  public String putIfAbsent(String key, byte[] bytes) throws IOException {
    return write(key, bytes, this::requireAbsent);
  }

  @Override
  public String replace(String key, String expectedVersion, byte[] bytes) throws IOException {
    return write(key, bytes, present -> requireVersion(present, expectedVersion));
  }

  @Override
  public @Nullable VersionedObject get(String key, int maxBytes) throws IOException {
    Path path = pathOf(key);
    directories.settle(directoryOf(path));
    if (disk.isDirectory(path)) {
      return null;
    }
    try (DiskReader reader = disk.open(path)) {
      long length = reader.length();
      if (length > maxBytes) {
        throw new ObjectTooLarge(
            "object " + path + " has " + length + " bytes, the limit for it is " + maxBytes);
      }
      byte[] bytes = new byte[Math.toIntExact(length)];
      reader.readFully(0, ByteBuffer.wrap(bytes));
      traffic.reads.increment();
      traffic.readBytes.add(length);
      return new VersionedObject(bytes, versionOf(bytes));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public void getRange(String key, long offset, ByteBuffer into) throws IOException {
    Path path = pathOf(key);
    int length = into.remaining();
    try {
      openFiles.read(path, offset, into);
      traffic.reads.increment();
      traffic.readBytes.add(length);
    } catch (NoSuchFileException e) {
      throw new MissingObject("there is no object " + path, e);
    }
  }

  @Override
  public OptionalLong size(String key) throws IOException {
    Path path = pathOf(key);
    if (disk.isDirectory(path)) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(disk.size(path));
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public List<ObjectSummary> list(String prefix, String after, int limit) throws IOException {
    return new DirectoryListing(disk, root, prefix, after, limit).run();
  }

  @Override
  public void settle(String prefix) throws IOException {
    String folder = prefix.substring(0, prefix.lastIndexOf('/') + 1);
    Path directory = folder.isEmpty() ? root : pathOf(folder.substring(0, folder.length() - 1));
    directories.syncNearest(directory);
    settleBelow(directory);
  }

  @Override
  public boolean delete(String key) throws IOException {
    Path path = pathOf(key);
    return locked(key, () -> remove(path));
  }

  @Override
  public void delete(String key, String expectedVersion) throws IOException {
    Path path = pathOf(key);
    boolean _ =
        locked(
            key,
            () -> {
              requireVersion(path, expectedVersion);
              return remove(path);
            });
  }

  @Override
  public void close() {
    openFiles.close();
    if (shared != null) {
      try {
        shared.close();
      } catch (IOException e) {
        LOG.warn("the drafts in {} were left behind; who opens it next removes them", writing, e);
      }
    }
  }

  /** Each directory once, after what is above it; a thousand of them wait for the disk together. */
  private void settleBelow(Path top) throws IOException {
    if (!disk.isDirectory(top)) {
      return;
    }
    directories.ensure(top);
    List<Path> level = List.of(top);
    while (!level.isEmpty()) {
      inParallel(level, disk::syncDirectory);
      Queue<Path> below = new ConcurrentLinkedQueue<>();
      inParallel(
          level,
          directory -> {
            for (String name : disk.list(directory)) {
              Path path = directory.resolve(name);
              if (disk.isDirectory(path)) {
                directories.isDurable(path);
                below.add(path);
              }
            }
          });
      level = List.copyOf(below);
    }
  }

  private static void inParallel(List<Path> directories, DirectoryTask task) throws IOException {
    if (directories.size() < MANY_DIRECTORIES) {
      for (Path directory : directories) {
        task.run(directory);
      }
      return;
    }
    List<Callable<Path>> tasks = new ArrayList<>(directories.size());
    for (Path directory : directories) {
      tasks.add(() -> {
        task.run(directory);
        return directory;
      });
    }
    try (ExecutorService threads =
        Executors.newFixedThreadPool(
            DIRECTORY_THREADS, Thread.ofPlatform().daemon().name("skopos-settle-", 0).factory())) {
      for (Future<Path> done : threads.invokeAll(tasks)) {
        done.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a directory cannot be settled: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while directories were settled", e);
    }
  }

  private String write(String key, byte[] bytes, Condition condition) throws IOException {
    if (bytes.length > MAX_WHOLE_BYTES) {
      throw new ObjectTooLarge(
          "object "
              + pathOf(key)
              + " would have "
              + bytes.length
              + " bytes, the limit for one piece is "
              + MAX_WHOLE_BYTES);
    }
    Path target = pathOf(key);
    Path temporary = temporary();
    try (Writer writer = new Writer(key, target, temporary, disk.create(temporary))) {
      writer.write(ByteBuffer.wrap(bytes));
      writer.publish(condition);
    }
    return versionOf(bytes);
  }

  private void requireAbsent(Path path) throws IOException {
    directories.settle(directoryOf(path));
    if (disk.exists(path)) {
      throw new VersionConflict("object " + path + " exists already");
    }
  }

  private void requireVersion(Path path, String expected) throws IOException {
    VersionedObject present;
    try {
      present = get(keyOf(path), MAX_WHOLE_BYTES);
    } catch (ObjectTooLarge e) {
      throw new VersionConflict(
          "object " + path + " is not of version " + expected + ": " + e.getMessage());
    }
    if (present == null) {
      throw new VersionConflict(
          "object " + path + " is gone, version " + expected + " was expected");
    }
    if (!present.version().equals(expected)) {
      throw new VersionConflict(
          "object " + path + " has version " + present.version() + ", expected was " + expected);
    }
  }

  private boolean remove(Path path) throws IOException {
    Path directory = directoryOf(path);
    directories.settle(directory);
    if (disk.isDirectory(path) || !disk.delete(path)) {
      return false;
    }
    traffic.deletions.increment();
    openFiles.replaced(path);
    directories.syncChanged(directory);
    directories.removeEmpty(directory);
    return true;
  }

  private void moveIntoPlace(Path temporary, Path target) throws IOException {
    Path directory = directoryOf(target);
    for (int attempt = 1; ; attempt++) {
      try {
        directories.ensure(directory);
        disk.rename(temporary, target);
        // Whoever removed the directory, empty, a moment ago took it off the list first.
        directories.ensure(directory);
        break;
      } catch (NoSuchFileException e) {
        directories.forget(directory);
        if (attempt == RENAME_ATTEMPTS || !disk.exists(temporary)) {
          throw e;
        }
      }
    }
    openFiles.replaced(target);
    directories.syncChanged(directory);
  }

  private Path temporary() {
    return writing.resolve(Long.toString(nextTemporary.getAndIncrement()));
  }

  private Path pathOf(String key) {
    ObjectKeys.check(key);
    return root.resolve(key);
  }

  private String keyOf(Path path) {
    return root.relativize(path).toString().replace('\\', '/');
  }

  private static Path directoryOf(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " does not lie below the root");
    }
    return parent;
  }

  /** Alone with the key: in this process, and in all that share the directory. */
  private <T> T locked(String key, Change<T> change) throws IOException {
    int hash = key.hashCode();
    int stripe = (hash ^ (hash >>> 16)) & (keyLocks.length - 1);
    keyLocks[stripe].lock();
    try {
      if (shared == null) {
        return change.run();
      }
      try (DiskLock _ = shared.lock(stripe)) {
        return change.run();
      }
    } finally {
      keyLocks[stripe].unlock();
    }
  }

  private static String versionOf(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @FunctionalInterface
  private interface DirectoryTask {
    void run(Path directory) throws IOException;
  }

  @FunctionalInterface
  private interface Change<T> {
    T run() throws IOException;
  }

  /** Looks at what is under the key, with the key's lock held; throws to refuse the write. */
  @FunctionalInterface
  private interface Condition {
    void check(Path present) throws IOException;
  }

  private final class Writer implements ObjectWriter {

    private final String key;
    private final Path target;
    private final Path temporary;
    private final DiskWriter file;
    private boolean published;
    private boolean closed;

    Writer(String key, Path target, Path temporary, DiskWriter file) {
      this.key = key;
      this.target = target;
      this.temporary = temporary;
      this.file = file;
    }

    @Override
    public void write(ByteBuffer... buffers) throws IOException {
      file.write(buffers);
    }

    @Override
    public long length() {
      return file.length();
    }

    @Override
    public void finish() throws IOException {
      publish(DirectoryObjectStore.this::requireAbsent);
    }

    void publish(Condition condition) throws IOException {
      if (published || closed) {
        throw new IllegalStateException("object " + key + " was finished or closed before");
      }
      file.sync();
      file.close();
      try {
        published =
            locked(
                key,
                () -> {
                  condition.check(target);
                  moveIntoPlace(temporary, target);
                  return true;
                });
        traffic.writes.increment();
        traffic.writtenBytes.add(file.length());
      } catch (VersionConflict e) {
        traffic.conflicts.increment();
        throw e;
      }
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      if (published) {
        return;
      }
      try {
        file.close();
        disk.delete(temporary);
      } catch (IOException e) {
        // The next start removes it; the caller's own error, if any, is the one to be told.
        LOG.warn("an unfinished object was left behind as {}", temporary, e);
      }
    }
  }
}
