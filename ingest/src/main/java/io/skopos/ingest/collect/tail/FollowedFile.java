// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import io.skopos.ingest.collect.container.ContainerPaths;
import io.skopos.ingest.collect.delivery.CollectMetrics;
import io.skopos.ingest.collect.delivery.EntryBatches;
import io.skopos.ingest.collect.delivery.SourceKind;
import io.skopos.model.LabelsBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One file of a job: what of it was read, what of that is stored, and how the next bytes become
 * lines. What is stored is told by the lane's thread; all else is the collector's thread's.
 */
final class FollowedFile {

  /** What is done with it. */
  enum State {
    /** Its path names it. */
    FOLLOWED,
    /** Its path names another file, or none: it is read to its end, for a while. */
    LEAVING,
    /** Read to its end; remembered, so that it is not read again. */
    DONE
  }

  final FileJob job;
  final FileId id;
  final String key;
  final String label;
  Path path;

  /** Where it really lies. */
  Path directory;

  State state = State.FOLLOWED;

  /** Null while it is closed. */
  @Nullable Content content;

  /** All before it was given on. */
  long offset;

  long lastSize;
  long lastModifiedMs;
  long lastCheckNs;

  /** When it was seen at its path last. */
  long seenMs;

  /** When bytes were last there, or it began to leave; as {@code System.nanoTime}. */
  long lastDataNs;

  long restUntilNs = Long.MIN_VALUE;

  /** There may be something to read. */
  boolean dirty = true;

  boolean moreToRead;
  String problem = "";

  private final LineTime lineTime;
  private final CollectMetrics metrics;
  private final TailSettings settings;
  private final EntryPath entries;
  private TextEncoding encoding;
  private int headLength;
  private long head;
  private int tailLength;
  private long tail;
  private long tailOffset;
  private long lastTimeNs;
  private boolean skipping;
  private boolean emitted;

  /** Times of reading that are not behind us for good. */
  private final Deque<FilePosition.Reading> readings = new ArrayDeque<>();

  private long readingFrom = -1;
  private long readingTimeNs;
  private long nowNs;
  private boolean newReading;

  private FilePosition cutAt;

  /** Guarded by this. */
  private FilePosition stored;

  private final List<FilePosition.Reading> storedReadings = new ArrayList<>();

  FollowedFile(
      FileJob job,
      FileId id,
      Path path,
      FilePosition position,
      EntryBatches batches,
      LineTime lineTime,
      TailSettings settings,
      CollectMetrics metrics) {
    this.job = job;
    this.id = id;
    this.key = job.key(id);
    this.path = path;
    this.directory = path;
    this.label = position.label();
    this.lineTime = lineTime;
    this.metrics = metrics;
    this.settings = settings;
    this.encoding = job.encoding();
    this.offset = position.offset();
    this.headLength = position.headLength();
    this.head = position.head();
    this.tailLength = position.tailLength();
    this.tail = position.tail();
    this.tailOffset = position.offset();
    this.lastTimeNs = position.lastTimeNs();
    this.skipping = position.skipping();
    this.readings.addAll(position.readings());
    this.storedReadings.addAll(position.readings());
    this.cutAt = position;
    this.stored = position;
    LabelsBuilder labels = new LabelsBuilder(job.labels()).set("filename", label);
    if (job.pathLabels()) {
      ContainerPaths.labels(label).forEach(labels::set);
    }
    this.entries =
        new EntryPath(
            job.stages(), labels.build(), batches, this::timeOf, settings.maxLineBytes(), metrics);
  }

  /**
   * Gives on the whole lines among the bytes read at {@link #offset}, and moves it behind them.
   *
   * @param ended whether nothing follows: the last line needs no end
   */
  void take(byte[] bytes, int length, long readTimeNs, boolean ended) {
    nowNs = readTimeNs;
    int at = 0;
    if (offset == 0) {
      encoding = job.encoding().marked(bytes, length);
      at = TextEncoding.markLength(bytes, length);
    }
    long base = offset;
    if (base == 0 && headLength == 0 && job.packed() != null && length > 0) {
      headLength = Math.min(Fingerprints.LENGTH, length);
      head = Fingerprints.of(bytes, 0, headLength);
    }
    while (at < length) {
      int end = encoding.lineEnd(bytes, at, length);
      if (end < 0) {
        break;
      }
      line(bytes, at, end - at, base + at);
      skipping = false;
      at = end + encoding.unit();
    }
    if (at < length) {
      at = unended(bytes, at, length, base, ended);
    }
    offset = base + at;
    emitted |= at > 0;
    fingerprint(bytes, at, base == 0);
  }

  /** Bytes without a line's end: they wait, unless there will be none or too many of them. */
  private int unended(byte[] bytes, int from, int to, long base, boolean ended) {
    int at = from;
    while (to - at > settings.maxLineBytes()) {
      int piece = encoding.pieceLength(bytes, at, settings.maxLineBytes());
      longLine(bytes, at, piece, base + at);
      at += piece;
    }
    if (allZero(bytes, at, to)) {
      return to - (to - at) % encoding.unit();
    }
    if (ended && to > at) {
      line(bytes, at, to - at, base + at);
      skipping = false;
      at = to;
    }
    return at;
  }

  private void longLine(byte[] bytes, int from, int length, long at) {
    if (!skipping) {
      metrics.longLines.labelValues(SourceKind.FILES.key()).inc();
      piece(bytes, from, length, at);
      skipping = settings.cutLongLines();
    }
  }

  private void line(byte[] bytes, int start, int wholeLength, long at) {
    if (skipping) {
      return;
    }
    int from = start;
    int length = wholeLength;
    int max = settings.maxLineBytes();
    if (length > max && encoding.unit() == 1) {
      // A hole that a writer left behind when the file was cut under it.
      while (length > 1 && bytes[from] == 0) {
        from++;
        length--;
      }
    }
    if (length <= max) {
      piece(bytes, from, length, at);
      return;
    }
    metrics.longLines.labelValues(SourceKind.FILES.key()).inc();
    int done = 0;
    while (done < length) {
      int rest = length - done;
      int part = rest <= max ? rest : encoding.pieceLength(bytes, from + done, max);
      piece(bytes, from + done, part, at + done);
      done += part;
      if (settings.cutLongLines()) {
        return;
      }
    }
  }

  private void piece(byte[] bytes, int from, int length, long at) {
    if (!encoding.isUtf8()) {
      byte[] decoded = encoding.toUtf8(bytes, from, length);
      int end = decoded.length;
      entries.line(decoded, 0, end > 0 && decoded[end - 1] == '\r' ? end - 1 : end, at);
      return;
    }
    int begin = from;
    int end = from + length;
    if (end > begin && bytes[end - 1] == '\r') {
      end--;
    }
    while (begin < end && bytes[begin] == 0) {
      begin++;
    }
    while (end > begin && bytes[end - 1] == 0) {
      end--;
    }
    if (begin < end || length == 0 || bytes[from] != 0) {
      entries.line(bytes, begin, end - begin, at);
    }
  }

  private static boolean allZero(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Of the bytes themselves: the file may be cut before it is looked at again. */
  private void fingerprint(byte[] bytes, int length, boolean first) {
    if (length == 0) {
      return;
    }
    tailLength = Math.min(Fingerprints.LENGTH, length);
    tail = Fingerprints.of(bytes, length - tailLength, tailLength);
    tailOffset = offset;
    if (first && job.packed() == null) {
      headLength = tailLength;
      head = Fingerprints.of(bytes, 0, headLength);
    }
  }

  private long timeOf(byte[] line, int from, int length, long at) {
    if (job.recognizeTimes()) {
      long own = lineTime.find(line, from, length);
      if (own != LineTime.NONE) {
        // Below its resolution the place fills it up: order stays, and equal lines stay two.
        lastTimeNs = own + at % lineTime.resolutionNs();
        return lastTimeNs;
      }
      boolean continues = length > 0 && (line[from] == ' ' || line[from] == '\t');
      if (continues && lastTimeNs != Long.MIN_VALUE) {
        return ++lastTimeNs;
      }
    }
    return readingTime(at);
  }

  private long readingTime(long at) {
    for (FilePosition.Reading reading : readings) {
      if (reading.covers(at)) {
        return reading.timeNs() + at - reading.from();
      }
    }
    if (readingFrom < 0) {
      readingFrom = at;
      readingTimeNs = nowNs;
      FilePosition.Reading last = readings.peekLast();
      if (last != null) {
        readingTimeNs = Math.max(nowNs, last.timeNs() + last.to() - last.from());
      }
      newReading = true;
    }
    return readingTimeNs + at - readingFrom;
  }

  void tick(long nanoTime) {
    entries.tick(nanoTime);
    emitted = true;
  }

  /** Takes over an open file. */
  void opened(Content open) throws IOException {
    content = open;
    if (offset > 0 && job.packed() == null) {
      byte[] start = new byte[3];
      encoding = job.encoding().marked(start, open.read(0, start, 0, start.length));
    }
  }

  /** Nothing more comes: what stages keep is let go. */
  void finish() {
    entries.finish();
    emitted = true;
  }

  long restNs() {
    return entries.restNs();
  }

  boolean holdsLines() {
    return entries.heldFrom() != Long.MAX_VALUE;
  }

  /**
   * What a parcel of entries says about this file, once it is stored.
   *
   * @param readings all times of reading that entries of it, or of ones before that are not stored,
   *     may have
   * @param newReadings whether some of them were not written down yet
   */
  record Cut(
      FollowedFile file,
      FilePosition position,
      List<FilePosition.Reading> readings,
      boolean newReadings) {}

  /** Says where it begins, before anything was read. */
  Cut announcement() {
    return new Cut(this, cutAt, List.copyOf(readings), true);
  }

  /** Null when nothing changed since the last one. */
  @Nullable Cut cut(Fingerprints fingerprints, long nowMs) throws IOException {
    if (!emitted) {
      return null;
    }
    emitted = false;
    long upTo = Math.min(offset, entries.heldFrom());
    if (readingFrom >= 0) {
      readings.addLast(new FilePosition.Reading(readingFrom, offset, readingTimeNs));
      readingFrom = -1;
    }
    boolean fresh = newReading;
    newReading = false;
    fingerprint(fingerprints, upTo);
    if (upTo == cutAt.offset() && !fresh && (state == State.DONE) == cutAt.done()) {
      return null;
    }
    // Of lines that this cut gives on, the times must be known until they are stored.
    while (readings.size() > 1 && readings.getFirst().to() <= cutAt.offset()) {
      readings.removeFirst();
    }
    cutAt =
        new FilePosition(
            path.toString(),
            label,
            upTo,
            headLength,
            head,
            tailLength,
            tail,
            lastTimeNs,
            skipping,
            state == State.DONE,
            nowMs,
            List.of());
    return new Cut(this, cutAt, List.copyOf(readings), fresh);
  }

  private void fingerprint(Fingerprints fingerprints, long upTo) throws IOException {
    Content open = content;
    if (open == null) {
      return;
    }
    boolean packed = job.packed() != null;
    if (headLength > 0
        && headLength < Fingerprints.LENGTH
        && upTo > headLength
        && !packed
        && fingerprints.of(open, 0, headLength) == head
        && fingerprints.of(open, tailOffset - tailLength, tailOffset) == tail) {
      int length = (int) Math.min(Fingerprints.LENGTH, upTo);
      long hash = fingerprints.of(open, 0, length);
      if (hash != 0) {
        headLength = length;
        head = hash;
      }
    }
    if (tailOffset != upTo) {
      if (packed) {
        tailLength = 0;
        tail = Fingerprints.of(new byte[0], 0, 0);
      } else {
        int length = (int) Math.min(Fingerprints.LENGTH, upTo);
        long hash = fingerprints.of(open, upTo - length, upTo);
        if (hash != 0) {
          tailLength = length;
          tail = hash;
        }
      }
      tailOffset = upTo;
    }
  }

  /** How far it was read, as far as that can be told: for comparing contents. */
  FilePosition readPosition() {
    return cutAt;
  }

  /** By the lane: entries up to a cut are about to be stored; what must be written down first. */
  synchronized FilePosition intend(Cut cut) {
    storedReadings.clear();
    storedReadings.addAll(cut.readings);
    // A copy of the file must be known as one, even if nothing of it is written down as stored.
    stored = stored.beginning(cut.position.headLength(), cut.position.head()).with(storedReadings);
    return stored;
  }

  /** By the lane: entries up to a cut are stored. */
  synchronized FilePosition store(Cut cut) {
    storedReadings.clear();
    for (FilePosition.Reading reading : cut.readings) {
      if (reading.to() > cut.position.offset()) {
        storedReadings.add(reading);
      }
    }
    stored = cut.position.with(storedReadings);
    return stored;
  }

  /** What is stored of it. */
  synchronized FilePosition stored() {
    return stored;
  }

  void close() throws IOException {
    Content open = content;
    content = null;
    if (open != null) {
      open.close();
    }
  }
}
