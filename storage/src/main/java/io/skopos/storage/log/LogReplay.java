// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import io.skopos.model.TimeRange;
import io.skopos.storage.Frame;
import io.skopos.storage.Positions;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.DiskReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over the segments of an earlier process. Whole frames go to the consumer; damaged
 * stretches are named and stepped over; what stands behind the last whole append of the last
 * segment was never acknowledged and is left out.
 */
final class LogReplay {

  private static final Logger LOG = LoggerFactory.getLogger(LogReplay.class);

  private final Disk disk;
  private final Path directory;
  private final int shardCount;
  private final ReleasedPositions released;
  private final LogConsumer consumer;
  private final Consumer<LogDamage> onDamage;

  private final List<Segment> segments = new ArrayList<>();
  private final List<Frame> pending = new ArrayList<>();
  private final List<Long> pendingPositions = new ArrayList<>();
  private long lastPosition = -1;
  private long highestSequence = -1;
  private @Nullable FrameHeader lastHeader;

  private long frames;
  private long skipped;
  private long rows;
  private long bytes;
  private long tornBytes;
  private long damagedBytes;
  private long damagedPieces;

  LogReplay(
      Disk disk,
      Path directory,
      int shardCount,
      ReleasedPositions released,
      LogConsumer consumer,
      Consumer<LogDamage> onDamage) {
    this.disk = disk;
    this.directory = directory;
    this.shardCount = shardCount;
    this.released = released;
    this.consumer = consumer;
    this.onDamage = onDamage;
  }

  /** A segment file before its frames are read. */
  private record Found(Path file, long sequence, long size, @Nullable SegmentHeader header) {}

  ReplayReport run() throws IOException {
    long started = System.nanoTime();
    List<Found> found = find();
    for (int i = 0; i < found.size(); i++) {
      read(found, i);
    }
    return new ReplayReport(
        segments.size(),
        frames,
        skipped,
        rows,
        bytes,
        (System.nanoTime() - started) / 1e9,
        tornBytes,
        damagedBytes,
        damagedPieces);
  }

  /** By ascending sequence. */
  List<Segment> segments() {
    return segments;
  }

  long highestSequence() {
    return highestSequence;
  }

  /** The greatest position seen anywhere, -1 for none. */
  long lastPosition() {
    return lastPosition;
  }

  private List<Found> find() throws IOException {
    List<Found> found = new ArrayList<>();
    for (String name : disk.list(directory)) {
      long sequence = Segment.sequenceOf(name);
      if (sequence < 0) {
        continue;
      }
      Path file = directory.resolve(name);
      highestSequence = Math.max(highestSequence, sequence);
      if (sequence < released.firstSequence()) {
        disk.delete(file);
        continue;
      }
      Found segment = open(file, sequence);
      if (segment.header() == null && segment.size() <= SegmentHeader.LENGTH) {
        // Its creation was interrupted; no frame was ever in it.
        disk.delete(file);
        continue;
      }
      found.add(segment);
    }
    found.sort((left, right) -> Long.compare(left.sequence(), right.sequence()));
    return found;
  }

  private Found open(Path file, long sequence) {
    long size = 0;
    try {
      size = disk.size(file);
      if (size < SegmentHeader.LENGTH) {
        return new Found(file, sequence, size, null);
      }
      ByteBuffer header = ByteBuffer.allocate(SegmentHeader.LENGTH);
      try (DiskReader reader = disk.open(file)) {
        reader.readFully(0, header);
      }
      SegmentHeader read = SegmentHeader.read(header.flip());
      boolean own = read != null && read.sequence() == sequence;
      return new Found(file, sequence, size, own ? read : null);
    } catch (IOException e) {
      LOG.warn("cannot read the header of {}: {}", file, SegmentSequence.message(e));
      return new Found(file, sequence, size, null);
    }
  }

  private void read(List<Found> found, int index) throws IOException {
    Found file = found.get(index);
    Segment segment = new Segment(file.file(), file.sequence(), shardCount);
    segments.add(segment);
    boolean tail = isTail(found, index);
    long end = endOf(found, index);
    SegmentHeader header = file.header();
    nameLostPredecessor(found, index);
    if (header != null) {
      lastPosition = Math.max(lastPosition, header.firstPosition() - 1);
    } else {
      damage(segment, 0, SegmentHeader.LENGTH, null, "the segment's header is damaged");
    }
    segment.length(Math.min(end, SegmentHeader.LENGTH));
    if (end > SegmentHeader.LENGTH) {
      try (DiskReader reader = disk.open(file.file())) {
        scan(segment, reader, end, header == null ? null : header.salt(), tail);
      } catch (IOException e) {
        damage(
            segment,
            0,
            file.size(),
            null,
            "cannot be read: " + SegmentSequence.message(e) + neighbours(lastHeader, null));
      }
    }
    bytes += end;
  }

  private void scan(Segment segment, DiskReader reader, long end, @Nullable Long salt, boolean tail)
      throws IOException {
    SegmentDictionary.Found found = SegmentDictionary.find(reader, end, salt);
    SegmentScan scan = new SegmentScan(reader, found.framesAt(), end, salt);
    boolean inAppend = false;
    while (scan.next()) {
      FrameHeader header = scan.header();
      inAppend = header.continued();
      if (scan.badEnd() > scan.badStart()) {
        emit();
        damage(segment, scan, header);
      }
      long frameEnd = scan.position();
      take(segment, scan, found.dictionary(), header, frameEnd - header.extent());
      if (!inAppend) {
        emit();
        segment.length(frameEnd);
      }
    }
    boolean bad = scan.badEnd() > scan.badStart();
    if (tail && !bad && !inAppend) {
      segment.length(scan.position());
    } else if (tail) {
      long torn = end - segment.length();
      if (torn > 0) {
        tornBytes += torn;
        LOG.warn(
            "{}: the last {} bytes, from {}, are the rest of an unfinished write; left out",
            segment.file(),
            torn,
            segment.length());
      }
      pending.clear();
      pendingPositions.clear();
    } else {
      emit();
      if (bad) {
        damage(segment, scan, null);
      }
      segment.length(end);
    }
  }

  private void take(
      Segment segment,
      SegmentScan scan,
      @Nullable SegmentDictionary dictionary,
      FrameHeader header,
      long start) {
    if (header.position() <= lastPosition || header.shard() >= shardCount) {
      damage(
          segment,
          start,
          header.extent(),
          header,
          "a frame has position "
              + header.position()
              + " of shard "
              + header.shard()
              + ", which does not fit behind "
              + lastPosition);
      return;
    }
    lastPosition = header.position();
    lastHeader = header;
    segment.holds(header.shard(), header.position());
    if (header.position() <= released.positions()[header.shard()]) {
      skipped++;
      return;
    }
    byte[] payload = payload(scan.stored(), header, dictionary);
    if (payload == null || payload.length != header.payloadLength()) {
      damage(segment, start, header.extent(), header, "a payload cannot be decompressed");
      return;
    }
    pending.add(
        new Frame(
            header.tenant(),
            header.signal(),
            header.kind(),
            header.shard(),
            header.rows(),
            header.minTimeMs(),
            header.maxTimeMs(),
            payload,
            payload.length,
            null));
    pendingPositions.add(header.position());
  }

  private static byte @Nullable [] payload(
      byte[] stored, FrameHeader header, @Nullable SegmentDictionary dictionary) {
    if (!header.compressed()) {
      return stored;
    }
    if (header.withDictionary() && dictionary == null) {
      return null;
    }
    return PayloadCompression.decompress(
        stored, header.payloadLength(), header.withDictionary() ? dictionary : null);
  }

  private void emit() {
    if (pending.isEmpty()) {
      return;
    }
    int[] shards = new int[pending.size()];
    long[] positions = new long[pending.size()];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = pending.get(i).shard();
      positions[i] = pendingPositions.get(i);
      rows += pending.get(i).rows();
    }
    frames += shards.length;
    consumer.accept(List.copyOf(pending), new Positions(shards, positions));
    pending.clear();
    pendingPositions.clear();
  }

  /** Whether nothing was ever written behind this segment. */
  private static boolean isTail(List<Found> found, int index) {
    for (Found later : found.subList(index + 1, found.size())) {
      if (later.header() != null || later.size() > SegmentHeader.LENGTH) {
        return false;
      }
    }
    return true;
  }

  /** Up to where a segment's bytes count. */
  private static long endOf(List<Found> found, int index) {
    Found file = found.get(index);
    for (Found later : found.subList(index + 1, found.size())) {
      SegmentHeader next = later.header();
      if (next == null) {
        continue;
      }
      if (next.previousSequence() == file.sequence()) {
        return Math.min(file.size(), next.previousLength());
      }
      if (next.previousSequence() < file.sequence()) {
        // Its creation failed, its successor does not know it: it never took a frame.
        return Math.min(file.size(), SegmentHeader.LENGTH);
      }
      return file.size();
    }
    return file.size();
  }

  private void nameLostPredecessor(List<Found> found, int index) {
    SegmentHeader header = found.get(index).header();
    if (header == null
        || header.previousSequence() < released.firstSequence()
        || header.previousLength() <= SegmentHeader.LENGTH) {
      return;
    }
    for (Found earlier : found.subList(0, index)) {
      if (earlier.sequence() == header.previousSequence()) {
        if (earlier.size() < header.previousLength()) {
          Segment segment = segments.get(found.indexOf(earlier));
          damage(
              segment,
              earlier.size(),
              header.previousLength() - earlier.size(),
              null,
              "the file ends too early" + neighbours(lastHeader, null));
        }
        return;
      }
    }
    Path lost = directory.resolve(Segment.nameOf(header.previousSequence()));
    damagedBytes += header.previousLength();
    damagedPieces++;
    onDamage.accept(
        new LogDamage(
            lost,
            0,
            header.previousLength(),
            null,
            "the segment is missing" + neighbours(lastHeader, null)));
  }

  private void damage(Segment segment, SegmentScan scan, @Nullable FrameHeader next) {
    FrameHeader own = scan.badHeader();
    damage(
        segment,
        scan.badStart(),
        scan.badEnd() - scan.badStart(),
        own,
        own == null
            ? "bytes are no frames" + neighbours(lastHeader, next)
            : "a frame's payload does not fit its checksum, " + own.rows() + " rows");
    if (own != null) {
      lastPosition = Math.max(lastPosition, own.position());
    }
  }

  /**
   * @param own the header of the one frame that is lost; null when it is not known what is
   */
  private void damage(
      Segment segment, long offset, long length, @Nullable FrameHeader own, String what) {
    segment.markDamaged();
    damagedBytes += length;
    damagedPieces++;
    onDamage.accept(
        new LogDamage(
            segment.file(),
            offset,
            length,
            own == null ? null : new TimeRange(own.minTimeMs(), own.maxTimeMs()),
            what));
  }

  /** A hint only: rows of one frame may have any time, whatever the frames beside it have. */
  private static String neighbours(@Nullable FrameHeader before, @Nullable FrameHeader after) {
    String text = "";
    if (before != null) {
      text += ", behind rows of " + times(before);
    }
    if (after != null) {
      text += ", before rows of " + times(after);
    }
    return text;
  }

  private static String times(FrameHeader frame) {
    return Instant.ofEpochMilli(frame.minTimeMs())
        + " to "
        + Instant.ofEpochMilli(frame.maxTimeMs());
  }
}
