// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.file;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
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
final class DirectoryWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DirectoryWatch.class);

  /** A file is often written in several steps; what follows at once is waited for. */
  private static final long QUIET_MS = 50;

  private final Runnable changed;
  private final @Nullable WatchService service;
  private final Map<Path, WatchKey> keys = new HashMap<>();
  private final Object wakeUp = new Object();
  private final Thread thread;
  private Duration refreshInterval = Duration.ofMinutes(5);
  private volatile boolean closed;

  /**
   * @param changed called from the watching thread
   */
  DirectoryWatch(Runnable changed) {
    this.changed = changed;
    this.service = newService();
    this.thread = Thread.ofPlatform().daemon().name("file-discovery").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Watches exactly these directories from now on; those that do not exist yet are tried again. */
  void watch(Set<Path> directories, Duration newRefreshInterval) {
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
    } catch (IOException e) {
      log.warn(
          "cannot watch '{}'; its files are read every {} instead", directory, refreshInterval, e);
    }
  }

  private void run() {
    while (!closed) {
      try {
        awaitChange();
        if (!closed) {
          changed.run();
        }
      } catch (InterruptedException | ClosedWatchServiceException e) {
        if (!closed) {
          log.error("files of targets are not watched any more", e);
        }
        return;
      } catch (RuntimeException e) {
        log.error("reading the files of targets failed by a defect", e);
      }
    }
  }

  private void awaitChange() throws InterruptedException {
    long waitMs = refreshMs();
    if (service == null) {
      TimeUnit.MILLISECONDS.sleep(waitMs);
      return;
    }
    WatchKey key = service.poll(waitMs, TimeUnit.MILLISECONDS);
    while (key != null) {
      key.pollEvents();
      key.reset();
      key = service.poll(QUIET_MS, TimeUnit.MILLISECONDS);
    }
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
      log.warn("this platform cannot watch directories; files of targets are read at intervals", e);
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
      log.warn("cannot close the watch on files of targets", e);
    }
  }
}
