// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.DiskLock;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What processes that write one directory agree on: each has a folder of drafts of its own, with a
 * lock for as long as it lives, so that whoever comes knows which drafts nobody will finish; and
 * conditional writes hold a lock of the key's stripe. Locks are the file system's; over a network
 * it has to know them (NFS 4, SMB). Thread-safe.
 */
final class SharedDirectory implements AutoCloseable {

  private static final String LOCK = ".lock";
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Disk disk;
  private final Path writing;
  private final Path drafts;
  private final Path lockFile;
  private final DiskLock alive;

  /**
   * @param writing where all drafts are; there already
   */
  SharedDirectory(Disk disk, Path writing) throws IOException {
    this.disk = disk;
    this.writing = writing;
    byte[] id = new byte[8];
    new SecureRandom().nextBytes(id);
    String name = HexFormat.of().formatHex(id);
    this.drafts = writing.resolve(name);
    this.lockFile = writing.resolve(name + LOCK);
    DiskLock own = disk.tryLock(lockFile);
    if (own == null) {
      throw new IOException(lockFile + " cannot be locked; the file system must know locks");
    }
    this.alive = own;
    disk.createDurably(drafts);
    removeAbandoned(name);
  }

  /** Drafts of processes that are no more. */
  private void removeAbandoned(String own) throws IOException {
    for (String name : disk.list(writing)) {
      Path folder = writing.resolve(name);
      if (name.equals(own) || !disk.isDirectory(folder)) {
        continue;
      }
      Path lock = writing.resolve(name + LOCK);
      DiskLock free = disk.tryLock(lock);
      if (free == null) {
        continue;
      }
      try (free) {
        for (String draft : disk.list(folder)) {
          boolean _ = disk.delete(folder.resolve(draft));
        }
        boolean _ = disk.deleteDirectory(folder);
        boolean _ = disk.delete(lock);
      }
    }
  }

  Path drafts() {
    return drafts;
  }

  /** Waits until no other process writes a key of this stripe; within a process, one at a time. */
  DiskLock lock(int stripe) throws IOException {
    Path file = writing.resolve("keys-" + stripe + LOCK);
    long deadline = System.nanoTime() + LONGEST_WAIT_NANOS;
    while (true) {
      DiskLock lock = disk.tryLock(file);
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("another process holds " + file);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  @Override
  public void close() throws IOException {
    try (alive) {
      for (String draft : disk.list(drafts)) {
        boolean _ = disk.delete(drafts.resolve(draft));
      }
      boolean _ = disk.deleteDirectory(drafts);
      boolean _ = disk.delete(lockFile);
    }
  }
}
