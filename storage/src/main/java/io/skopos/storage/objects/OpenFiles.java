// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.DiskReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps up to a number of files open, so that reading a page costs one call to the system. A file
 * is closed when it was dropped and its last read has ended; second chances decide which is dropped
 * at the bound. Files in use may pass the bound for as long as their reads last.
 */
final class OpenFiles implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);

  private final Disk disk;
  private final int maxOpen;
  private final ConcurrentHashMap<Path, OpenFile> open = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<OpenFile> clock = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong replacements = new AtomicLong();

  OpenFiles(Disk disk, int maxOpen) {
    this.disk = disk;
    this.maxOpen = maxOpen;
  }

  void read(Path path, long offset, ByteBuffer into) throws IOException {
    OpenFile file = acquire(path);
    try {
      file.reader.readFully(offset, into);
    } finally {
      file.release();
    }
  }

  /** After the path names another file, or none: later reads see that. */
  void replaced(Path path) {
    replacements.incrementAndGet();
    OpenFile file = open.remove(path);
    if (file != null) {
      file.drop();
    }
  }

  int count() {
    return count.get();
  }

  @Override
  public void close() {
    for (Path path : open.keySet()) {
      replaced(path);
    }
  }

  private OpenFile acquire(Path path) throws IOException {
    OpenFile present = open.get(path);
    if (present != null && present.tryAcquire()) {
      return present;
    }
    long before = replacements.get();
    OpenFile fresh = new OpenFile(path, disk.open(path));
    count.incrementAndGet();
    fresh.tryAcquire();
    OpenFile earlier = open.putIfAbsent(path, fresh);
    if (earlier != null) {
      fresh.drop(); // another reader was faster; this one serves a single read
    } else if (replacements.get() != before) {
      // The path may name another file since we opened it; then nobody else would notice.
      open.remove(path, fresh);
      fresh.drop();
    } else {
      clock.add(fresh);
      dropSurplus();
    }
    return fresh;
  }

  private void dropSurplus() {
    int chances = 2 * maxOpen + 16;
    while (count.get() > maxOpen && chances-- > 0) {
      OpenFile candidate = clock.poll();
      if (candidate == null) {
        return;
      }
      if (open.get(candidate.path) != candidate) {
        continue; // dropped already
      }
      if (candidate.usedSince || candidate.users.get() > 1) {
        candidate.usedSince = false;
        clock.add(candidate);
      } else if (open.remove(candidate.path, candidate)) {
        candidate.drop();
      }
    }
  }

  private final class OpenFile {

    private final Path path;
    private final DiskReader reader;

    // One for being in the table, one for each running read; closed at zero.
    private final AtomicInteger users = new AtomicInteger(1);
    private volatile boolean usedSince;

    OpenFile(Path path, DiskReader reader) {
      this.path = path;
      this.reader = reader;
    }

    boolean tryAcquire() {
      int now = users.get();
      while (now > 0) {
        if (users.compareAndSet(now, now + 1)) {
          if (!usedSince) {
            usedSince = true;
          }
          return true;
        }
        now = users.get();
      }
      return false;
    }

    void release() {
      if (users.decrementAndGet() == 0) {
        count.decrementAndGet();
        try {
          reader.close();
        } catch (IOException e) {
          LOG.warn("an object's file could not be closed after reading", e);
        }
      }
    }

    void drop() {
      release();
    }
  }
}
