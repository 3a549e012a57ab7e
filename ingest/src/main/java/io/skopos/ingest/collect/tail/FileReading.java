// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import io.skopos.ingest.collect.delivery.CollectMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is new of the files that are followed, and notices when one was cut or has left its
 * place. While the store has no room nothing is read, but files are still opened, so that what is
 * rotated away or removed meanwhile is not lost. Used by the collector's thread.
 */
final class FileReading {

  private static final int READ_BYTES = 1 << 20;

  /** A file not written to for so long has the time of its last change as that of reading. */
  private static final long OLD_MS = 10_000;

  private final TailSettings settings;
  private final InstantSource clock;
  private final CollectMetrics metrics;
  private final FollowedFiles files;
  private final CopySearch copies;
  private final Handover handover;
  private final Fingerprints fingerprints;
  private final BooleanSupplier closed;
  private final byte[] buffer;
  private volatile int openFiles;

  /**
   * @param closed whether to end in the middle of a round
   */
  FileReading(
      TailSettings settings,
      InstantSource clock,
      CollectMetrics metrics,
      FollowedFiles files,
      CopySearch copies,
      Handover handover,
      Fingerprints fingerprints,
      BooleanSupplier closed) {
    this.settings = settings;
    this.clock = clock;
    this.metrics = metrics;
    this.files = files;
    this.copies = copies;
    this.handover = handover;
    this.fingerprints = fingerprints;
    this.closed = closed;
    this.buffer = new byte[Math.max(READ_BYTES, 2 * settings.maxLineBytes())];
  }

  /** Looks at all files that may have something; true when there is more than was read. */
  boolean round() throws IOException, InterruptedException {
    boolean more = false;
    long now = System.nanoTime();
    for (FollowedFile file : files.copy()) {
      if (closed.getAsBoolean()) {
        return false;
      }
      if (file.state == FollowedFile.State.DONE) {
        continue;
      }
      boolean due =
          file.dirty
              || file.moreToRead
              || file.state == FollowedFile.State.LEAVING
              || now - file.lastCheckNs > TimeUnit.MILLISECONDS.toNanos(settings.pollMs());
      if (due && file.restUntilNs <= now) {
        try {
          more |= step(file);
          file.problem = "";
        } catch (IOException e) {
          file.problem = FileSearch.reason(e);
          file.moreToRead = false;
          file.dirty = false;
          FollowedFiles.closeQuietly(file);
        }
      }
      if (file.holdsLines()) {
        file.tick(now);
        handover.touched(file);
      }
      handover.handIfMuch();
    }
    if (handover.hasRoom()) {
      handover.hand();
    }
    closeSome();
    return more && handover.hasRoom();
  }

  /** Whether something is to be done before anything changes. */
  boolean isWaiting(long nowNs) {
    for (FollowedFile file : files.all()) {
      if (file.state == FollowedFile.State.LEAVING
          || file.restUntilNs > nowNs
          || file.holdsLines()) {
        return true;
      }
    }
    return false;
  }

  int openFiles() {
    return openFiles;
  }

  /** True when there is more to read. */
  private boolean step(FollowedFile file) throws IOException, InterruptedException {
    file.lastCheckNs = System.nanoTime();
    FileId.Attributes attributes = attributes(file);
    boolean same = attributes != null && attributes.id().equals(file.id);
    if (!same && file.state == FollowedFile.State.FOLLOWED) {
      FollowedFiles.leave(file);
    }
    file.dirty = false;
    if (file.content == null && !reopen(file, same ? attributes : null)) {
      return file.dirty;
    }
    Content content = file.content;
    if (content == null || !handover.hasRoom()) {
      // Open, so it cannot vanish; read when there is room.
      file.dirty = true;
      return false;
    }
    long size = content.size();
    if (size < file.offset) {
      replaced(file);
      return true;
    }
    int read = content.read(file.offset, buffer, 0, buffer.length);
    boolean packed = file.job.packed() != null;
    if (!packed && !fingerprints.fits(content, file.readPosition())) {
      replaced(file);
      return true;
    }
    if (!packed) {
      file.lastSize = Math.max(size, file.offset + read);
    }
    if (attributes != null && same) {
      file.lastModifiedMs = attributes.modifiedMs();
    }
    boolean full = read == buffer.length;
    boolean left =
        file.state == FollowedFile.State.LEAVING
            && file.lastCheckNs - file.lastDataNs > settings.leavingMs() * 1_000_000L;
    boolean ended = !full && (packed ? content.isComplete() : left);
    long before = file.offset;
    file.take(buffer, read, readTimeNs(same ? attributes : null), ended);
    if (file.offset > before) {
      handover.touched(file);
      file.lastDataNs = file.lastCheckNs;
      long rest = file.restNs();
      file.restUntilNs = rest > 0 ? System.nanoTime() + rest : Long.MIN_VALUE;
    }
    file.moreToRead = full || packed && !content.isComplete();
    if (ended && file.offset == before + read) {
      file.finish();
      file.state = FollowedFile.State.DONE;
      file.moreToRead = false;
      handover.touched(file);
      handover.hand();
      FollowedFiles.closeQuietly(file);
    }
    return file.moreToRead && file.restUntilNs == Long.MIN_VALUE;
  }

  private static FileId.@Nullable Attributes attributes(FollowedFile file) {
    try {
      return FileId.read(file.path);
    } catch (IOException e) {
      return null;
    }
  }

  /** Now, or when an old file was written to last. */
  private long readTimeNs(FileId.@Nullable Attributes attributes) {
    long nowMs = clock.millis();
    long modifiedMs = attributes == null ? nowMs : attributes.modifiedMs();
    return (modifiedMs < nowMs - OLD_MS ? modifiedMs : nowMs) * 1_000_000L;
  }

  /** Opens a file that has something new; false when it has not, or is gone. */
  private boolean reopen(FollowedFile file, FileId.@Nullable Attributes attributes)
      throws IOException {
    Path path = file.path;
    if (attributes == null) {
      Path moved = Siblings.withId(path, file.id.toString());
      if (moved == null) {
        gone(file);
        return false;
      }
      path = moved;
    } else if (file.job.packed() == null
        && attributes.size() == file.offset
        && attributes.modifiedMs() == file.lastModifiedMs
        && file.state == FollowedFile.State.FOLLOWED) {
      return false;
    }
    Content opened = file.job.open(path);
    if (!file.id.isAt(path)) {
      // Renamed in between: another file may have been opened.
      opened.close();
      file.dirty = true;
      return false;
    }
    file.opened(opened);
    file.path = path;
    return true;
  }

  /** Removed while it was closed. */
  private void gone(FollowedFile file) {
    long unread = file.lastSize - file.offset;
    if (unread > 0) {
      metrics.lostBytes.inc(unread);
    }
    file.finish();
    handover.touched(file);
    file.state = FollowedFile.State.DONE;
  }

  /** The file was cut, or another one has its place: what was it is read elsewhere, if it can. */
  private void replaced(FollowedFile file) throws IOException, InterruptedException {
    metrics.truncations.inc();
    file.finish();
    handover.touched(file);
    // What is stored of the old content must be known before anything is of the new.
    handover.hand();
    boolean rescued = copies.rescue(file.job, file.readPosition());
    if (!rescued && file.lastSize > file.offset) {
      metrics.lostBytes.inc(file.lastSize - file.offset);
    }
    FilePosition start = FilePosition.start(file.path, file.path.toString(), clock.millis());
    FollowedFile fresh = files.follow(file.job, file.id, file.path, start);
    fresh.state = file.state;
    Content content = file.content;
    file.content = null;
    if (content != null) {
      fresh.opened(content);
    }
  }

  /** Files at rest are closed when too many are open, longest at rest first. */
  private void closeSome() {
    List<FollowedFile> open = new ArrayList<>();
    for (FollowedFile file : files.all()) {
      if (file.content != null) {
        open.add(file);
      }
    }
    openFiles = open.size();
    if (open.size() <= settings.maxOpenFiles()) {
      return;
    }
    open.sort(Comparator.comparingLong(file -> file.lastDataNs));
    int excess = open.size() - settings.maxOpenFiles();
    for (FollowedFile file : open) {
      if (excess > 0 && file.state == FollowedFile.State.FOLLOWED && !file.moreToRead) {
        FollowedFiles.closeQuietly(file);
        excess--;
      }
    }
  }
}
