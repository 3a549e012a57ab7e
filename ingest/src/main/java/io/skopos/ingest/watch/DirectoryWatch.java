// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.watch;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls back when something in the watched directories has changed, and after the refresh interval
 * even when nothing has: not every file system tells. One platform thread.
 */
public final class DirectoryWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DirectoryWatch.class);

  /** A file is often written in several steps; what follows at once is waited for. */
  private static final long QUIET_MS = 50;

  /** Directories that cannot be watched and are named. */
  private static final int MAX_REFUSED = 100;

  /** A directory that never comes to rest is waited for no longer. */
  private static final long LONGEST_QUIET_MS = 250;

  /** Hears of changes, on the watching thread. */
  @FunctionalInterface
  public interface Listener {

    /**
     * @param directories where something changed; empty when it is only time to look
     * @param names whether files came or went, or it is not known
     */
    void changed(Set<Path> directories, boolean names);
  }

  private final Listener changed;
  private final @Nullable WatchService service;
  private final Map<Path, WatchKey> keys = new HashMap<>();
  private final Set<Path> refused = new HashSet<>();
  private final Object wakeUp = new Object();
  private final Thread thread;
  private Duration refreshInterval = Duration.ofMinutes(5);
  private volatile boolean closed;

  /**
   * @param thread the watching thread's name
   */
  public DirectoryWatch(String thread, Listener changed) {
    this.changed = changed;
    this.service = newService();
    this.thread = Thread.ofPlatform().daemon().name(thread).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Watches exactly these directories from now on; those that do not exist yet are tried again. */
  public void watch(Set<Path> directories, Duration newRefreshInterval) {
    synchronized (wakeUp) {
      refreshInterval = newRefreshInterval;
      keys.entrySet()
          .removeIf(entry -> {
            boolean gone = !directories.contains(entry.getKey()) || !entry.getValue().isValid();
            if (gone) {
              entry.getValue().cancel();
            }
            return gone;
          });
      directories.forEach(this::register);
    }
  }

  private void register(Path directory) {
    if (service == null || keys.containsKey(directory) || !Files.isDirectory(directory)) {
      return;
    }
    try {
      keys.put(
          directory,
          directory.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE));
    } catch (ClosedWatchServiceException e) {
      keys.remove(directory);
    } catch (IOException e) {
      if (refused.size() < MAX_REFUSED && refused.add(directory)) {
        log.warn(
            "cannot watch '{}'; it is looked at every {} instead", directory, refreshInterval, e);
      }
    }
  }

  private void run() {
    Set<Path> directories = new HashSet<>();
    while (!closed) {
      try {
        directories.clear();
        boolean names = awaitChange(directories);
        if (!closed) {
          changed.changed(directories, names);
        }
      } catch (InterruptedException | ClosedWatchServiceException e) {
        if (!closed) {
          log.error("directories are not watched any more", e);
        }
        return;
      } catch (RuntimeException e) {
        log.error("taking what changed in directories failed by a defect", e);
      }
    }
  }

  /** Adds where something changed; tells whether files may have come or gone. */
  private boolean awaitChange(Set<Path> directories) throws InterruptedException {
    long waitMs = refreshMs();
    if (service == null) {
      TimeUnit.MILLISECONDS.sleep(waitMs);
      return true;
    }
    WatchKey key = service.poll(waitMs, TimeUnit.MILLISECONDS);
    boolean names = key == null;
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_QUIET_MS);
    while (key != null) {
      for (WatchEvent<?> event : key.pollEvents()) {
        names |= event.kind() != StandardWatchEventKinds.ENTRY_MODIFY;
      }
      if (key.watchable() instanceof Path directory) {
        directories.add(directory);
      }
      key.reset();
      key = System.nanoTime() < end ? service.poll(QUIET_MS, TimeUnit.MILLISECONDS) : null;
    }
    return names;
  }

  private long refreshMs() {
    synchronized (wakeUp) {
      return Math.max(100, refreshInterval.toMillis());
    }
  }

  private static @Nullable WatchService newService() {
    try {
      return FileSystems.getDefault().newWatchService();
    } catch (IOException | UnsupportedOperationException e) {
      log.warn("this platform cannot watch directories; they are looked at at intervals", e);
      return null;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      if (service != null) {
        service.close();
      }
    } catch (IOException e) {
      log.warn("cannot close the watch on directories", e);
    }
  }
}
