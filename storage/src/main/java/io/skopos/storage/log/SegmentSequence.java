// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import io.skopos.storage.Frame;
import io.skopos.storage.Positions;
import io.skopos.storage.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segment files of one log: the newest is written by the log's thread, the older ones are
 * dropped when released. What a failed write left behind is cut off, and the next segment's header
 * says where its predecessor ends, so that a refused frame is never read back.
 */
final class SegmentSequence {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentSequence.class);
  private static final int STAGING_SIZE = 1 << 20;
  private static final int MOST_DICTIONARY_BYTES = 512 << 10;

  private final Disk disk;
  private final Path directory;
  private final Path damagedDirectory;
  private final int shardCount;
  private final long segmentSize;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_SIZE);

  /** Guards the list and the segments' figures; never held across I/O. */
  private final ReentrantLock lock = new ReentrantLock();

  private final ArrayDeque<Segment> sealed = new ArrayDeque<>();
  private @Nullable Segment activeSegment;
  private ReleasedPositions released;
  private boolean rollWanted;

  /** Serializes releases, which do I/O. */
  private final ReentrantLock releasing = new ReentrantLock();

  /** What frames are encoded against before their segment is known; most often it is that one. */
  private volatile @Nullable SegmentDictionary dictionary;

  // The log's thread only.
  private final PayloadSample sample;
  private @Nullable SegmentWriter active;
  private long nextSequence;
  private long previousSequence = -1;
  private long previousLength;

  SegmentSequence(
      Disk disk,
      Path directory,
      Path damagedDirectory,
      int shardCount,
      long segmentSize,
      InstantSource clock)
      throws IOException {
    this.disk = disk;
    this.directory = directory;
    this.damagedDirectory = damagedDirectory;
    this.shardCount = shardCount;
    this.segmentSize = segmentSize;
    this.clock = clock;
    // The copies and the sample are a small part of a segment.
    long share = Math.min(MOST_DICTIONARY_BYTES, segmentSize / 256);
    sample = new PayloadSample((int) share, new Random(random.nextLong()));
    for (Path each : List.of(directory, damagedDirectory)) {
      disk.createDirectories(each);
      Path parent = each.getParent();
      if (parent != null) {
        disk.syncDirectory(parent);
      }
    }
    released = ReleasedPositions.read(disk, directory, shardCount);
  }

  ReleasedPositions released() {
    lock.lock();
    try {
      return released;
    } finally {
      lock.unlock();
    }
  }

  /** What a replay found; before the first write. */
  void adopt(List<Segment> found, long highestSequence) {
    lock.lock();
    try {
      sealed.addAll(found);
    } finally {
      lock.unlock();
    }
    nextSequence = Math.max(highestSequence + 1, released.firstSequence());
    if (!found.isEmpty()) {
      Segment last = found.getLast();
      previousSequence = last.sequence();
      previousLength = last.length();
      settleTail(last);
    }
  }

  /**
   * What was read may be in the system's cache only, from a write whose sync failed: now that it
   * was handed over, it has to stay.
   */
  private void settleTail(Segment last) {
    try (var tail = disk.append(last.file(), disk.size(last.file()))) {
      tail.sync();
    } catch (IOException e) {
      LOG.warn("cannot sync the log's tail {}: {}", last.file(), message(e));
    }
  }

  /** Makes sure that a segment with room is open. */
  void prepare(long groupBytes, long firstPosition) throws IOException {
    SegmentWriter writer = active;
    if (writer != null) {
      Segment segment = writer.segment();
      boolean full = !segment.isEmpty() && segment.length() + groupBytes > segmentSize;
      boolean firstDictionary = writer.dictionary() == null && sample.isFull();
      if (!full && !firstDictionary && !isRollWanted()) {
        return;
      }
      seal(writer);
      dropCovered();
    }
    open(firstPosition);
  }

  /** The dictionary of the newest segment; null while there is none. */
  @Nullable SegmentDictionary dictionary() {
    return dictionary;
  }

  /** Durable when it returns; every frame must {@link EncodedFrame#fits fit} the dictionary. */
  void write(List<AppendRequest> group, List<Positions> positions) throws IOException {
    SegmentWriter writer = active;
    if (writer == null) {
      throw new IllegalStateException("no segment is open");
    }
    long length = writer.write(group, positions);
    for (AppendRequest request : group) {
      for (Frame frame : request.frames()) {
        sample.offer(frame.payload(), frame.payloadLength());
      }
    }
    lock.lock();
    try {
      writer.segment().length(length);
      for (Positions append : positions) {
        for (int frame = 0; frame < append.size(); frame++) {
          writer.segment().holds(append.shard(frame), append.position(frame));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Leaves the segment in which a write failed and cuts off what that write may have left.
   *
   * @return false when the cut failed: only the next segment's header will tell where this one ends
   */
  boolean abandonTail() {
    SegmentWriter writer = active;
    if (writer == null) {
      return true;
    }
    Segment segment = writer.segment();
    seal(writer);
    try (var cut = disk.append(segment.file(), segment.length())) {
      cut.sync();
      return true;
    } catch (IOException e) {
      LOG.warn("cannot cut {} back to {} bytes: {}", segment.file(), segment.length(), message(e));
      return false;
    }
  }

  private void open(long firstPosition) throws IOException {
    long sequence = nextSequence++;
    Segment segment =
        new Segment(directory.resolve(Segment.nameOf(sequence)), sequence, shardCount);
    SegmentHeader header =
        new SegmentHeader(
            sequence,
            random.nextLong(),
            firstPosition,
            clock.millis(),
            previousSequence,
            previousLength);
    if (sample.isFull()) {
      dictionary = SegmentDictionary.of(sample.pieces());
      sample.clear();
    }
    try {
      active = SegmentWriter.create(disk, directory, segment, header, dictionary, staging);
    } catch (IOException e) {
      try {
        disk.delete(segment.file());
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
    lock.lock();
    try {
      activeSegment = segment;
      rollWanted = false;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the active segment, if it holds anything; the next write opens another. */
  void sealActive() {
    SegmentWriter writer = active;
    if (writer != null && !writer.segment().isEmpty()) {
      seal(writer);
    }
  }

  private void seal(SegmentWriter writer) {
    try {
      writer.close();
    } catch (IOException e) {
      // Everything that counts was synced before.
      LOG.warn("cannot close {}: {}", writer.segment().file(), message(e));
    }
    active = null;
    previousSequence = writer.segment().sequence();
    previousLength = writer.segment().length();
    lock.lock();
    try {
      sealed.add(writer.segment());
      activeSegment = null;
      rollWanted = false;
    } finally {
      lock.unlock();
    }
  }

  private boolean isRollWanted() {
    lock.lock();
    try {
      return rollWanted;
    } finally {
      lock.unlock();
    }
  }

  /** See {@link IngestLog#release}. */
  void release(long[] positions) throws IOException {
    releasing.lock();
    try {
      List<Segment> covered = new ArrayList<>();
      ReleasedPositions next;
      lock.lock();
      try {
        long[] merged = released.positions().clone();
        for (int shard = 0; shard < shardCount; shard++) {
          merged[shard] = Math.max(merged[shard], positions[shard]);
        }
        long firstSequence = released.firstSequence();
        for (Segment segment : sealed) {
          if (!segment.isCoveredBy(merged)) {
            break;
          }
          covered.add(segment);
          firstSequence = segment.sequence() + 1;
        }
        next = new ReleasedPositions(firstSequence, merged);
      } finally {
        lock.unlock();
      }
      next.write(disk, directory);
      lock.lock();
      try {
        released = next;
        Segment segment = activeSegment;
        rollWanted = segment != null && !segment.isEmpty() && segment.isCoveredBy(next.positions());
      } finally {
        lock.unlock();
      }
      drop(covered);
    } finally {
      releasing.unlock();
    }
  }

  /** Drops what a release covered while it was still the active segment. */
  private void dropCovered() {
    long[] positions = released().positions();
    lock.lock();
    try {
      if (sealed.isEmpty() || !sealed.element().isCoveredBy(positions)) {
        return;
      }
    } finally {
      lock.unlock();
    }
    try {
      release(positions);
    } catch (IOException e) {
      LOG.warn("cannot drop released segments now, the next flush tries again: {}", message(e));
    }
  }

  private void drop(List<Segment> covered) throws IOException {
    for (Segment segment : covered) {
      if (segment.damaged()) {
        disk.rename(segment.file(), damagedDirectory.resolve(segment.file().getFileName()));
      } else {
        disk.delete(segment.file());
      }
      lock.lock();
      try {
        sealed.remove(segment);
      } finally {
        lock.unlock();
      }
    }
    if (!covered.isEmpty()) {
      disk.syncDirectory(directory);
    }
  }

  /** After the last write: closes the file, and removes it when all of it was released. */
  void close() {
    SegmentWriter writer = active;
    if (writer == null) {
      return;
    }
    seal(writer);
    dropCovered();
  }

  int segmentCount() {
    lock.lock();
    try {
      return sealed.size() + (activeSegment == null ? 0 : 1);
    } finally {
      lock.unlock();
    }
  }

  long keptBytes() {
    lock.lock();
    try {
      long bytes = activeSegment == null ? 0 : activeSegment.length();
      for (Segment segment : sealed) {
        bytes += segment.length();
      }
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  static String message(IOException error) {
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }
}
