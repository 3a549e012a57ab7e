// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.head;

import io.skopos.logs.store.NanoTimes;
import io.skopos.logs.store.frame.FrameRows;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.Deletion;
import io.skopos.storage.head.Head;
import io.skopos.storage.index.LabelSelection;
import io.skopos.storage.index.MutableLabelIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.roaringbitmap.RoaringBitmap;

/**
 * What one shard holds in memory of one tenant's UTC day. Streams are ordinals in order of arrival.
 *
 * <p>Writing methods belong to the shard's thread. Reading ones are for any thread that has {@link
 * #tryRetain retained} the head; who takes {@link #sequence} first and passes it on sees the frames
 * that were there then, each whole. Whoever owns the head releases it once when it is dropped.
 */
public final class DayHead implements Head {

  private static final int HEAD_BYTES = 1500;
  private static final int STREAM_BYTES = 260;

  /** Hides rows of some streams, of frames before the sequence. */
  public record Hidden(RoaringBitmap streams, long fromNs, long toNs, long sequence) {}

  private final TenantId tenant;
  private final UtcDay day;
  private final int shard;
  private final HeadMemory memory;
  private final HeadText text;
  private final Map<Labels, Integer> ordinals = new HashMap<>();
  private final MutableLabelIndex index = new MutableLabelIndex();
  private final AtomicInteger references = new AtomicInteger(1);

  /** The first streamCount are there; grown by copying. */
  private volatile HeadStream[] streams = new HeadStream[16];

  private volatile int streamCount;
  private volatile Hidden[] hidden = new Hidden[0];
  private volatile long sequence;
  private volatile long minTimeNs = Long.MAX_VALUE;
  private volatile long maxTimeNs = Long.MIN_VALUE;
  private long minPosition = Long.MAX_VALUE;
  private long maxPosition = -1;
  private long heapBytes;
  private long indexBytes;

  DayHead(TenantId tenant, UtcDay day, int shard, HeadMemory memory) {
    this.tenant = tenant;
    this.day = day;
    this.shard = shard;
    this.memory = memory;
    this.text = new HeadText(memory);
    chargeHeap(HEAD_BYTES);
  }

  @Override
  public TenantId tenant() {
    return tenant;
  }

  @Override
  public UtcDay day() {
    return day;
  }

  @Override
  public int shard() {
    return shard;
  }

  // ---- the shard's thread

  /** Adds all rows of a frame, which are of this day. */
  public void apply(FrameRows frame, long position) {
    minPosition = Math.min(minPosition, position);
    maxPosition = Math.max(maxPosition, position);
    HeadRows rows =
        new HeadRows(
            sequence,
            text.append(frame.lines(), frame.linesFrom(), frame.linesLength()),
            frame.timesNs(),
            frame.lineEnds(),
            frame.metadataSets(),
            frame.metadata());
    long grown = rows.heapBytes();
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int stream = 0; stream < frame.streams().length; stream++) {
      int from = frame.streamStart(stream);
      int to = frame.streamEnds()[stream];
      if (from == to) {
        continue;
      }
      long least = Long.MAX_VALUE;
      long greatest = Long.MIN_VALUE;
      for (int row = from; row < to; row++) {
        long time = frame.timesNs()[row];
        least = Math.min(least, time);
        greatest = Math.max(greatest, time);
      }
      min = Math.min(min, least);
      max = Math.max(max, greatest);
      int ordinal = ordinal(frame.streams()[stream]);
      grown += streams[ordinal].add(new HeadStream.Section(rows, from, to, least, greatest));
    }
    chargeHeap(grown + index.heapBytes() - indexBytes);
    indexBytes = index.heapBytes();
    minTimeNs = Math.min(minTimeNs, min);
    maxTimeNs = Math.max(maxTimeNs, max);
    sequence = rows.sequence() + 1;
  }

  private int ordinal(Labels labels) {
    Integer known = ordinals.get(labels);
    if (known != null) {
      return known;
    }
    int ordinal = streamCount;
    HeadStream[] now = streams;
    if (ordinal == now.length) {
      now = Arrays.copyOf(now, ordinal * 2);
    }
    now[ordinal] = new HeadStream(labels);
    streams = now;
    streamCount = ordinal + 1;
    ordinals.put(labels, ordinal);
    byte[] canonical = labels.canonicalBytes();
    index.add(ordinal, canonical, 0, canonical.length);
    chargeHeap(STREAM_BYTES + canonical.length);
    return ordinal;
  }

  private void chargeHeap(long more) {
    heapBytes += more;
    memory.charge(more);
  }

  @Override
  public void delete(Deletion deletion) {
    hidden = and(hidden, deletion, sequence);
  }

  private Hidden[] and(Hidden[] now, Deletion deletion, long end) {
    RoaringBitmap selected = select(deletion.matchers(), deletion.spared());
    if (selected.isEmpty()) {
      return now;
    }
    Hidden[] more = Arrays.copyOf(now, now.length + 1);
    more[now.length] =
        new Hidden(
            selected,
            NanoTimes.first(deletion.range().fromMs()),
            NanoTimes.last(deletion.range().toMs()),
            end);
    return more;
  }

  // ---- any thread that retained the head

  @Override
  public boolean tryRetain() {
    for (int now = references.get(); now > 0; now = references.get()) {
      if (references.compareAndSet(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void release() {
    if (references.decrementAndGet() == 0) {
      text.free();
      memory.charge(-heapBytes);
    }
  }

  /** How many frames have been applied. */
  public long sequence() {
    return sequence;
  }

  public int streamCount() {
    return streamCount;
  }

  public long minTimeNs() {
    return minTimeNs;
  }

  public long maxTimeNs() {
    return maxTimeNs;
  }

  public long minPosition() {
    return minPosition;
  }

  public long maxPosition() {
    return maxPosition;
  }

  public Labels labels(int stream) {
    return streams[stream].labels;
  }

  /** The ordinals of the streams that fit all matchers. */
  public RoaringBitmap select(List<Matcher> matchers) {
    return select(matchers, List.of());
  }

  private RoaringBitmap select(List<Matcher> matchers, List<List<Matcher>> spared) {
    try {
      return LabelSelection.select(index, matchers, spared);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What deletions hide, and these beside them, which hide rows of every frame. */
  public Hidden[] hidden(List<Deletion> more) {
    Hidden[] all = hidden;
    for (Deletion deletion : more) {
      if (NanoTimes.first(deletion.range().fromMs()) <= maxTimeNs
          && NanoTimes.last(deletion.range().toMs()) >= minTimeNs) {
        all = and(all, deletion, Long.MAX_VALUE);
      }
    }
    return all;
  }

  /**
   * Of the stream's rows of frames before {@code end}: earliest and latest time, how many, and
   * bytes of lines; rows that a deletion hides count, unless it hides all.
   */
  public long[] range(int stream, long end, Hidden[] hiding) {
    long[] range = {Long.MAX_VALUE, Long.MIN_VALUE, 0, 0};
    HeadStream rows = streams[stream];
    int count = rows.count();
    HeadStream.Section[] sections = rows.sections();
    for (int i = 0; i < count && sections[i].rows().sequence() < end; i++) {
      HeadStream.Section section = sections[i];
      boolean gone = false;
      for (Hidden one : hiding) {
        gone |=
            section.rows().sequence() < one.sequence
                && section.minTimeNs() >= one.fromNs
                && section.maxTimeNs() <= one.toNs
                && one.streams.contains(stream);
      }
      if (!gone) {
        range[0] = Math.min(range[0], section.minTimeNs());
        range[1] = Math.max(range[1], section.maxTimeNs());
        range[2] += section.to() - section.from();
        range[3] +=
            section.rows().lineEnds()[section.to() - 1] - section.rows().lineStart(section.from());
      }
    }
    return range;
  }

  /** Adds the stream's rows of frames before {@code end} that lie within both times. */
  public void read(int stream, long end, Hidden[] hiding, long fromNs, long toNs, HeadRun into) {
    HeadStream rows = streams[stream];
    int count = rows.count();
    HeadStream.Section[] sections = rows.sections();
    for (int i = 0; i < count; i++) {
      HeadStream.Section section = sections[i];
      if (section.rows().sequence() >= end) {
        return;
      }
      if (section.maxTimeNs() >= fromNs && section.minTimeNs() <= toNs) {
        read(stream, section, hiding, fromNs, toNs, into);
      }
    }
  }

  private void read(
      int stream,
      HeadStream.Section section,
      Hidden[] hiding,
      long fromNs,
      long toNs,
      HeadRun into) {
    if (hiding.length == 0 && section.minTimeNs() >= fromNs && section.maxTimeNs() <= toNs) {
      into.addAll(section.rows(), section.from(), section.to());
      return;
    }
    for (int row = section.from(); row < section.to(); row++) {
      long time = section.rows().timesNs()[row];
      if (time < fromNs || time > toNs) {
        continue;
      }
      boolean gone = false;
      for (Hidden one : hiding) {
        gone |=
            section.rows().sequence() < one.sequence
                && time >= one.fromNs
                && time <= one.toNs
                && one.streams.contains(stream);
      }
      if (!gone) {
        into.add(section.rows(), row);
      }
    }
  }
}
