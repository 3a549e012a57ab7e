// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import io.skopos.ingest.collect.delivery.CollectMetrics;
import io.skopos.ingest.collect.delivery.Delivery;
import io.skopos.ingest.collect.delivery.EntryBatches;
import io.skopos.ingest.collect.positions.Positions;
import io.skopos.ingest.watch.DirectoryWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the files of all jobs on one thread, which looks for files ({@link FileSearch}) and reads
 * what is new ({@link FileReading}) whenever directories change, time is up, or the store has room
 * again. What is read is stored on another thread ({@link FileLane}).
 */
public final class FileCollector implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FileCollector.class);

  private static final long SEARCH_REST_NS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long CLOSING_MS = 5000;

  private final long pollNs;
  private final FileLane lane;
  private final FollowedFiles files;
  private final CopySearch copies;
  private final FileSearch search;
  private final FileReading reading;
  private final FileProgress progress = new FileProgress();
  private final DirectoryWatch watch;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private Set<Path> changed = new HashSet<>();
  private boolean namesChanged = true;
  private boolean wake;
  private List<FileJob> newJobs = List.of();
  private boolean jobsChanged;
  private volatile boolean closed;

  /** Of the thread alone. */
  private long lastSearchNs;

  public FileCollector(
      TailSettings settings,
      EntryBatches batches,
      Delivery delivery,
      Positions positions,
      InstantSource clock,
      ZoneId zone,
      CollectMetrics metrics) {
    this.pollNs = TimeUnit.MILLISECONDS.toNanos(settings.pollMs());
    int parcels = (int) Math.clamp(settings.bytesInFlight() / Handover.PARCEL_BYTES - 2, 1, 64);
    this.lane = new FileLane(delivery, positions, metrics, parcels, this::wake);
    Fingerprints fingerprints = new Fingerprints();
    Handover handover = new Handover(lane, batches, fingerprints, clock);
    LineTime lineTime = new LineTime(zone, clock);
    this.files = new FollowedFiles(settings, batches, lineTime, clock, metrics, handover);
    LostFiles lost = new LostFiles(positions, handover, clock);
    this.copies = new CopySearch(files, lost, handover, fingerprints, clock);
    this.search = new FileSearch(settings, clock, files, lost, copies, handover, fingerprints);
    this.reading =
        new FileReading(
            settings, clock, metrics, files, copies, handover, fingerprints, () -> closed);
    this.watch = new DirectoryWatch("collect-watch", this::changed);
    this.thread = Thread.ofPlatform().daemon().name("collect-files").unstarted(this::run);
    metrics.gauge("files", "Files followed.", () -> progress.files().size());
    metrics.gauge("open_files", "Files open, of those followed.", reading::openFiles);
    metrics.gauge(
        "left_out_files",
        "Files that match and are not followed.",
        () -> progress.leftOut().size());
    metrics.gauge("behind_bytes", "Bytes of followed files not stored yet.", progress::behindBytes);
  }

  public void start() {
    watch.start();
    lane.start();
    thread.start();
  }

  /** What to follow from now on; files of others are read to their end. */
  public void follow(List<FileJob> wanted) {
    lock.lock();
    try {
      newJobs = List.copyOf(wanted);
      jobsChanged = true;
      wake = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void changed(Set<Path> directories, boolean names) {
    lock.lock();
    try {
      changed.addAll(directories);
      namesChanged |= names;
      wake = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    changed(Set.of(), false);
  }

  private void run() {
    try {
      while (!closed) {
        try {
          turn();
        } catch (IOException e) {
          log.warn("following files: {}", e.toString());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      log.error("following files ended by a defect", e);
      throw e;
    } finally {
      files.closeAll();
    }
  }

  private void turn() throws IOException, InterruptedException {
    boolean due;
    Set<Path> dirty;
    long now = System.nanoTime();
    lock.lock();
    try {
      boolean rested = now - lastSearchNs > SEARCH_REST_NS;
      due =
          jobsChanged
              || now - lastSearchNs > pollNs
              || (namesChanged || search.isUnfinished()) && rested;
      if (jobsChanged) {
        search.jobs(newJobs);
        jobsChanged = false;
      }
      namesChanged &= !due;
      dirty = changed;
      changed = new HashSet<>();
      wake = false;
    } finally {
      lock.unlock();
    }
    if (due) {
      lastSearchNs = System.nanoTime();
      watch.watch(search.look(), Duration.ofDays(1));
    }
    if (!dirty.isEmpty()) {
      for (FollowedFile file : files.all()) {
        file.dirty |= dirty.contains(file.directory);
      }
    }
    boolean more = reading.round();
    progress.publish(files.all(), search.leftOut());
    if (!more) {
      await(now);
    }
  }

  private void await(long turnNs) throws InterruptedException {
    boolean soon = reading.isWaiting(turnNs) || copies.isWaiting() || search.isUnfinished();
    long waitNs = soon ? TICK_NS : pollNs;
    lock.lock();
    try {
      if (namesChanged) {
        waitNs = Math.min(waitNs, SEARCH_REST_NS);
      }
      while (!wake && !closed && waitNs > 0) {
        waitNs = woken.awaitNanos(waitNs);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Of a second ago at most. */
  public List<FileStatus> files() {
    return progress.files();
  }

  /** Files that match and are not followed, at most 1000 of them. */
  public List<FileStatus.LeftOut> leftOut() {
    return progress.leftOut();
  }

  /** Reads no more, stores what was read, and writes positions down. */
  @Override
  public void close() {
    stop();
    lane.close();
  }

  /** Ends without storing or writing anything more, as a crash would. */
  void abandon() {
    lane.abandon();
    stop();
  }

  private void stop() {
    closed = true;
    wake();
    watch.close();
    try {
      thread.join(CLOSING_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
  }
}
