// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.disk;

import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.DiskFull;
import io.skopos.storage.disk.DiskLock;
import io.skopos.storage.disk.DiskReader;
import io.skopos.storage.disk.DiskWriter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Files in memory. {@link #crash} leaves what a real disk is bound to leave: synced bytes, synced
 * directory entries, and of everything else whatever the seed likes, in any order. {@link
 * #losePowerAfter} stops the world at a chosen operation, so that a test can go through every
 * moment of a run. Thread-safe.
 */
public final class SimulatedDisk implements Disk {

  private static final Fault NONE = (operation, path, number) -> Fault.Outcome.WORKS;

  private final SplittableRandom random;
  private final SimulatedDirectory root = new SimulatedDirectory();
  private final List<DirectoryChange> unsyncedChanges = new ArrayList<>();
  private final Set<Path> locked = new HashSet<>();
  private Fault fault = NONE;
  private long capacity = Long.MAX_VALUE;
  private long operations;
  private long changes;
  private long powerLostAfterChanges = Long.MAX_VALUE;

  /** Handles of before a crash are dead: their process is. */
  private long generation;

  public SimulatedDisk(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Cuts the power and restores it. What was open is of no use any more; locks are gone. */
  public synchronized void crash() {
    for (DirectoryChange change : unsyncedChanges) {
      if (random.nextBoolean()) {
        change.makeDurable();
      }
    }
    unsyncedChanges.clear();
    locked.clear();
    fault = NONE;
    powerLostAfterChanges = Long.MAX_VALUE;
    generation++;
    restore(root, new HashSet<>());
  }

  /** The process is killed; the operating system and its caches live on. */
  public synchronized void kill() {
    locked.clear();
    fault = NONE;
    powerLostAfterChanges = Long.MAX_VALUE;
    generation++;
  }

  /** After that many further changing operations every one throws {@link PowerLost}. */
  public synchronized void losePowerAfter(long furtherChanges) {
    powerLostAfterChanges = changes + furtherChanges;
  }

  /** Changing operations so far, to know where power can be lost. */
  public synchronized long changes() {
    return changes;
  }

  public synchronized void inject(Fault newFault) {
    fault = newFault;
  }

  public synchronized void injectNothing() {
    fault = NONE;
  }

  /** All files together may have so many bytes. */
  public synchronized void limitCapacity(long bytes) {
    capacity = bytes;
  }

  public synchronized void flipBit(Path file, long bit) throws IOException {
    file(file, "flip a bit of").flipBit(bit);
  }

  /** Every file below the directory, sorted. */
  public synchronized List<Path> files(Path directory) {
    List<Path> files = new ArrayList<>();
    Object node = find(directory);
    if (node instanceof SimulatedDirectory found) {
      collect(directory, found, files);
    }
    return files;
  }

  public synchronized byte[] content(Path file) throws IOException {
    return file(file, "read").content();
  }

  @Override
  public synchronized DiskWriter create(Path file) throws IOException {
    before(DiskOperation.CREATE, file);
    SimulatedDirectory parent = directory(parent(file), "create", file);
    if (parent.entries.containsKey(name(file))) {
      throw new FileAlreadyExistsException(file.toString(), null, "cannot create: it exists");
    }
    SimulatedFile fresh = new SimulatedFile();
    parent.entries.put(name(file), fresh);
    unsyncedChanges.add(DirectoryChange.created(parent, name(file), fresh));
    return new Writer(file, fresh);
  }

  @Override
  public synchronized void link(Path file, Path secondName) throws IOException {
    before(DiskOperation.CREATE, secondName);
    SimulatedFile found = file(file, "link");
    SimulatedDirectory parent = directory(parent(secondName), "link", secondName);
    if (parent.entries.containsKey(name(secondName))) {
      throw new FileAlreadyExistsException(secondName.toString(), null, "cannot link: it exists");
    }
    parent.entries.put(name(secondName), found);
    unsyncedChanges.add(DirectoryChange.created(parent, name(secondName), found));
  }

  @Override
  public synchronized DiskWriter append(Path file, long length) throws IOException {
    before(DiskOperation.APPEND, file);
    SimulatedFile found = file(file, "append to");
    if (found.length() < length) {
      throw new IOException(
          "cannot append to "
              + file
              + ": it has "
              + found.length()
              + " bytes, fewer than the "
              + length
              + " to append behind");
    }
    found.truncate((int) length);
    return new Writer(file, found);
  }

  @Override
  public synchronized DiskReader open(Path file) throws IOException {
    before(DiskOperation.OPEN, file);
    return new Reader(file, file(file, "open"));
  }

  @Override
  public synchronized boolean exists(Path file) throws IOException {
    checkPower(file);
    return find(file) != null;
  }

  @Override
  public synchronized long size(Path file) throws IOException {
    checkPower(file);
    return find(file) instanceof SimulatedDirectory
        ? 4096
        : file(file, "read the size of").length();
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    before(DiskOperation.RENAME, from);
    SimulatedDirectory source = directory(parent(from), "rename", from);
    SimulatedDirectory target = directory(parent(to), "rename " + from + " to", to);
    Object node = source.entries.get(name(from));
    if (node == null) {
      throw noSuchFile("rename", from);
    }
    source.entries.remove(name(from));
    target.entries.put(name(to), node);
    unsyncedChanges.add(new DirectoryChange(target, name(to), node, source, name(from)));
  }

  @Override
  public synchronized boolean delete(Path file) throws IOException {
    before(DiskOperation.DELETE, file);
    Object node = find(file);
    if (node instanceof SimulatedDirectory) {
      throw new IOException("cannot delete " + file + " as a file: it is a directory");
    }
    if (node == null) {
      return false;
    }
    SimulatedDirectory parent = directory(parent(file), "delete", file);
    parent.entries.remove(name(file));
    unsyncedChanges.add(DirectoryChange.deleted(parent, name(file)));
    return true;
  }

  @Override
  public synchronized void createDirectories(Path directory) throws IOException {
    before(DiskOperation.CREATE_DIRECTORY, directory);
    SimulatedDirectory at = root;
    for (Path segment : normal(directory)) {
      Object next = at.entries.get(segment.toString());
      if (next instanceof SimulatedFile) {
        throw new FileAlreadyExistsException(
            directory.toString(), null, "cannot create the directory: a file is in the way");
      }
      if (next instanceof SimulatedDirectory found) {
        at = found;
      } else {
        SimulatedDirectory fresh = new SimulatedDirectory();
        at.entries.put(segment.toString(), fresh);
        unsyncedChanges.add(DirectoryChange.created(at, segment.toString(), fresh));
        at = fresh;
      }
    }
  }

  @Override
  public synchronized boolean deleteDirectory(Path directory) throws IOException {
    before(DiskOperation.DELETE_DIRECTORY, directory);
    if (!(find(directory) instanceof SimulatedDirectory found) || !found.entries.isEmpty()) {
      return false;
    }
    SimulatedDirectory parent = directory(parent(directory), "delete", directory);
    parent.entries.remove(name(directory));
    unsyncedChanges.add(DirectoryChange.deleted(parent, name(directory)));
    return true;
  }

  @Override
  public synchronized void syncDirectory(Path directory) throws IOException {
    before(DiskOperation.SYNC_DIRECTORY, directory);
    SimulatedDirectory found = directory(directory, "sync the directory", directory);
    Iterator<DirectoryChange> pending = unsyncedChanges.iterator();
    while (pending.hasNext()) {
      DirectoryChange change = pending.next();
      if (change.touches(found)) {
        change.makeDurable();
        pending.remove();
      }
    }
  }

  @Override
  public synchronized List<String> list(Path directory) throws IOException {
    before(DiskOperation.LIST, directory);
    return find(directory) instanceof SimulatedDirectory found
        ? List.copyOf(found.entries.keySet())
        : List.of();
  }

  @Override
  public synchronized boolean isDirectory(Path path) throws IOException {
    checkPower(path);
    return find(path) instanceof SimulatedDirectory;
  }

  @Override
  public synchronized long usableBytes(Path path) throws IOException {
    checkPower(path);
    return Math.max(0, capacity - usedBytes(root));
  }

  @Override
  public synchronized @Nullable DiskLock tryLock(Path file) throws IOException {
    checkPower(file);
    Path key = normal(file);
    if (find(file) == null) {
      create(file).close();
    }
    if (!locked.add(key)) {
      return null;
    }
    long lockedIn = generation;
    return () -> unlock(key, lockedIn);
  }

  private synchronized void unlock(Path key, long lockedIn) {
    if (lockedIn == generation) {
      locked.remove(key);
    }
  }

  private void before(DiskOperation operation, Path path) throws IOException {
    checkPower(path);
    operations++;
    if (operation.changes()) {
      if (changes >= powerLostAfterChanges) {
        powerLostAfterChanges = Long.MIN_VALUE; // reads fail too from now on
        checkPower(path);
      }
      changes++;
    }
    switch (fault.of(operation, path, operations)) {
      case WORKS -> {}
      case FAILS ->
          throw new IOException("cannot " + operation + " " + path + ": Input/output error");
      case IS_FULL ->
          throw new DiskFull("cannot " + operation + " " + path + ": No space left", null);
    }
  }

  private void checkPower(Path path) throws IOException {
    if (powerLostAfterChanges == Long.MIN_VALUE) {
      throw new PowerLost("no power to reach " + path);
    }
  }

  private void restore(SimulatedDirectory directory, Set<Object> seen) {
    directory.entries.clear();
    directory.entries.putAll(directory.durable);
    for (Object node : directory.entries.values()) {
      if (!seen.add(node)) {
        continue; // a rename of which only the target was synced: two names for one file
      }
      if (node instanceof SimulatedDirectory below) {
        restore(below, seen);
      } else if (node instanceof SimulatedFile file) {
        file.crash(random);
      }
    }
  }

  private long usedBytes(SimulatedDirectory directory) {
    long used = 0;
    for (Object node : directory.entries.values()) {
      used +=
          node instanceof SimulatedDirectory below
              ? usedBytes(below)
              : ((SimulatedFile) node).length();
    }
    return used;
  }

  private static void collect(Path path, SimulatedDirectory directory, List<Path> files) {
    for (var entry : new TreeMap<>(directory.entries).entrySet()) {
      Path child = path.resolve(entry.getKey());
      if (entry.getValue() instanceof SimulatedDirectory below) {
        collect(child, below, files);
      } else {
        files.add(child);
      }
    }
  }

  private @Nullable Object find(Path path) {
    Object at = root;
    for (Path segment : normal(path)) {
      Object next =
          at instanceof SimulatedDirectory directory
              ? directory.entries.get(segment.toString())
              : null;
      if (next == null) {
        return null;
      }
      at = next;
    }
    return at;
  }

  private SimulatedFile file(Path path, String deed) throws IOException {
    if (find(path) instanceof SimulatedFile found) {
      return found;
    }
    throw noSuchFile(deed, path);
  }

  private SimulatedDirectory directory(Path path, String deed, Path named) throws IOException {
    if (find(path) instanceof SimulatedDirectory found) {
      return found;
    }
    throw noSuchFile(deed, named);
  }

  private static NoSuchFileException noSuchFile(String deed, Path path) {
    return new NoSuchFileException(path.toString(), null, "cannot " + deed + ": no such file");
  }

  private static Path normal(Path path) {
    // The root is a directory of its own here, so that an absolute path has at least one name.
    Path absolute = path.toAbsolutePath().normalize();
    return absolute.getNameCount() == 0 ? absolute : absolute.subpath(0, absolute.getNameCount());
  }

  private static Path parent(Path path) {
    Path parent = path.toAbsolutePath().normalize().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " has no parent");
    }
    return parent;
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private final class Writer implements DiskWriter {

    private final Path path;
    private final SimulatedFile file;
    private final long openedIn = generation;
    private final AtomicLong length;
    private boolean closed;

    Writer(Path path, SimulatedFile file) {
      this.path = path;
      this.file = file;
      this.length = new AtomicLong(file.length());
    }

    @Override
    public void write(ByteBuffer... buffers) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        for (ByteBuffer buffer : buffers) {
          byte[] bytes = new byte[buffer.remaining()];
          buffer.get(bytes);
          write(bytes);
        }
      }
    }

    private void write(byte[] bytes) throws IOException {
      int kept = bytes.length;
      try {
        before(DiskOperation.WRITE, path);
        long room = capacity - usedBytes(root);
        if (room < bytes.length) {
          kept = (int) Math.max(0, room);
          throw new DiskFull("cannot write to " + path + ": No space left on device", null);
        }
      } catch (PowerLost e) {
        file.append(bytes, 0, random.nextInt(bytes.length + 1));
        throw e;
      } catch (IOException e) {
        file.append(bytes, 0, random.nextInt(kept + 1));
        throw e;
      }
      file.append(bytes, 0, bytes.length);
      length.addAndGet(bytes.length);
    }

    @Override
    public long length() {
      return length.get();
    }

    @Override
    public void sync() throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        before(DiskOperation.SYNC, path);
        file.sync();
      }
    }

    @Override
    public void close() {
      closed = true;
    }

    private void checkOpen() throws IOException {
      if (closed || openedIn != generation) {
        throw new IOException("cannot write to " + path + ": it is closed");
      }
    }
  }

  private final class Reader implements DiskReader {

    private final Path path;
    private final SimulatedFile file;
    private final long openedIn = generation;
    private volatile boolean closed;

    Reader(Path path, SimulatedFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public void readFully(long offset, ByteBuffer into) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        before(DiskOperation.READ, path);
        int wanted = into.remaining();
        if (offset + wanted > file.length()) {
          throw new EOFException(
              path + " ends at " + file.length() + ", before " + (offset + wanted));
        }
        byte[] bytes = new byte[wanted];
        file.read((int) offset, bytes, 0, wanted);
        into.put(bytes);
      }
    }

    @Override
    public long length() throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        return file.length();
      }
    }

    @Override
    public void close() {
      closed = true;
    }

    private void checkOpen() throws IOException {
      if (closed || openedIn != generation) {
        throw new IOException("cannot read " + path + ": it is closed");
      }
    }
  }
}
