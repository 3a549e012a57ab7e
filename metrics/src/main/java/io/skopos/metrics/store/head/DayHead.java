// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleMerge;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.Deletion;
import io.skopos.storage.head.Head;
import io.skopos.storage.index.LabelIndex;
import io.skopos.storage.index.LabelSelection;
import io.skopos.storage.index.MutableLabelIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * What one shard holds in memory of one tenant's UTC day. Series are ordinals in order of arrival.
 *
 * <p>A series' samples are a {@link SampleRun} with ascending times; what comes late goes to a
 * second run, the side run, and is merged in when read. So the in-order majority is never sorted. A
 * sample of the side run is newer than one of the main run with the same time: it came when the
 * main run was already beyond it.
 *
 * <p>Writing methods belong to the shard's thread. Reading ones are for any thread that has {@link
 * #tryRetain retained} the head. Whoever owns it releases it once when it is dropped.
 */
public final class DayHead implements Head {

  private static final int RECORDS_PER_PAGE = SlabPool.PAGE_BYTES / SampleRun.RECORD_BYTES;
  private static final int SIDE = SampleRun.OWN;
  private static final int LABELS = SampleRun.OWN + 4;

  /** A word of {@link HeadLabels}. */
  private static final int LABELS_LENGTH = SampleRun.OWN + 8;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle PUBLISH_INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final int CAPTURE_ATTEMPTS = 4;

  /** Objects of an empty head. */
  private static final int HEAD_BYTES = 1200;

  private final TenantId tenant;
  private final UtcDay day;
  private final int shard;
  private final long dayStartMs;
  private final Slab slab;
  private final HeadLabels labels;
  private final SeriesTable table = new SeriesTable();
  private final MutableLabelIndex index = new MutableLabelIndex();
  private final BlockOrdinals blocks = new BlockOrdinals();
  private final AtomicInteger references = new AtomicInteger(1);

  /** Pages of 64 records each; grown by copying. */
  private volatile int[] recordPages = new int[0];

  private int seriesCount;

  /** Which series was looked up last. */
  private int lastOrdinal = -1;

  private int scratchRecord;
  private byte[] scratchLabels = new byte[512];

  /** Null until a sample has more than a value; the writer's. */
  private @Nullable HistogramWriter extensions;

  private volatile @Nullable HeadExemplars exemplars;
  private long minPosition = Long.MAX_VALUE;
  private long maxPosition = -1;
  private int chargedSeries;
  private long chargedBlocks;
  private volatile long minTimeMs = Long.MAX_VALUE;
  private volatile long maxTimeMs = Long.MIN_VALUE;
  private volatile boolean hasDeletions;
  private volatile long heapBytes;

  /** Odd while a frame is being applied. */
  private volatile int version;

  public DayHead(TenantId tenant, UtcDay day, int shard, SlabPool pool) {
    this.tenant = tenant;
    this.day = day;
    this.shard = shard;
    this.dayStartMs = day.startMs();
    this.slab = new Slab(pool);
    this.labels = new HeadLabels(slab);
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

  /** Samples until {@link #endFrame} become visible to capturing readers together, if they can. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  public void beginFrame(long position) {
    version++;
    minPosition = Math.min(minPosition, position);
    maxPosition = Math.max(maxPosition, position);
  }

  /** Both times bound those appended since {@link #beginFrame}. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  public void endFrame(long fromMs, long toMs) {
    version++;
    if (fromMs < minTimeMs) {
      minTimeMs = Math.max(fromMs, dayStartMs);
    }
    if (toMs > maxTimeMs) {
      maxTimeMs = Math.min(toMs, day.endMs());
    }
    long blocksBytes = blocks.heapBytes();
    if (seriesCount != chargedSeries || blocksBytes != chargedBlocks || exemplars != null) {
      chargedSeries = seriesCount;
      chargedBlocks = blocksBytes;
      updateHeapBytes();
    }
  }

  private void updateHeapBytes() {
    HeadExemplars own = exemplars;
    long now = HEAD_BYTES + table.heapBytes() + index.heapBytes() + labels.heapBytes();
    now += chargedBlocks;
    now += 4L * recordPages.length;
    now += own == null ? 0 : own.heapBytes();
    slab.chargeHeap(now - heapBytes);
    heapBytes = now;
  }

  /** The ordinal of the series, added when it is not there. */
  public int series(byte[] bytes, int offset, int length, long hash) {
    // Senders repeat themselves: what followed a series when it came first follows it again.
    int expected = lastOrdinal + 1;
    if (expected >= seriesCount || !hasLabels(expected, bytes, offset, length)) {
      expected = find(bytes, offset, length, hash);
    }
    lastOrdinal = expected;
    return expected;
  }

  /**
   * What {@link #series} said of the block's series, negative where it was not asked yet; the
   * caller puts in what it learns.
   *
   * @param block its id, and {@code size} its series, always in the same order
   */
  public int[] ordinals(long block, int size) {
    return blocks.of(block, size, seriesCount);
  }

  private int find(byte[] bytes, int offset, int length, long hash) {
    int slot = table.start(hash);
    while (!table.isEmpty(slot)) {
      int ordinal = table.candidate(slot, hash);
      if (ordinal >= 0 && hasLabels(ordinal, bytes, offset, length)) {
        return ordinal;
      }
      slot = table.next(slot);
    }
    return addSeries(bytes, offset, length, hash);
  }

  private boolean hasLabels(int ordinal, byte[] bytes, int offset, int length) {
    int record = record(ordinal);
    MemorySegment r = slab.chunk(record);
    long at = SlabPool.offset(record);
    return labels.equal(
        r.get(INT, at + LABELS), r.get(INT, at + LABELS_LENGTH), bytes, offset, length);
  }

  private int addSeries(byte[] bytes, int offset, int length, long hash) {
    int ordinal = seriesCount;
    if (ordinal % RECORDS_PER_PAGE == 0) {
      int[] pages = recordPages;
      int[] grown = Arrays.copyOf(pages, ordinal / RECORDS_PER_PAGE + 1);
      grown[grown.length - 1] = slab.pages(1);
      recordPages = grown;
    }
    int record = record(ordinal);
    SampleRun.clear(slab, record);
    long word = labels.add(bytes, offset, length);
    MemorySegment r = slab.chunk(record);
    long at = SlabPool.offset(record);
    r.set(INT, at + LABELS, (int) (word >>> 32));
    r.set(INT, at + LABELS_LENGTH, (int) word);
    table.add(hash, ordinal, this::hash);
    seriesCount++;
    index.add(ordinal, bytes, offset, length);
    return ordinal;
  }

  private long hash(int ordinal) {
    int length = copyLabels(ordinal);
    return SampleBatch.SERIES_HASH.hash64(scratchLabels, 0, length);
  }

  private int copyLabels(int ordinal) {
    int record = record(ordinal);
    MemorySegment r = slab.chunk(record);
    long at = SlabPool.offset(record);
    int word = r.get(INT, at + LABELS_LENGTH);
    int length = HeadLabels.length(word);
    if (scratchLabels.length < length) {
      scratchLabels = new byte[length * 2];
    }
    labels.copy(r.get(INT, at + LABELS), word, scratchLabels);
    return length;
  }

  /** A time of another day is the caller's mistake. */
  public void append(int ordinal, long timeMs, double value) {
    int time = (int) (timeMs - dayStartMs);
    int record = record(ordinal);
    if (extensions != null) {
      append(record, time, value, null, 0, extensions);
    } else if (time >= SampleRun.lastTime(slab, record) || SampleRun.isEmpty(slab, record)) {
      SampleRun.append(slab, record, time, value);
    } else {
      SampleRun.append(slab, sideRecord(record), time, value);
    }
  }

  /**
   * @param value of a histogram, its sum
   * @param startMs 0 for none
   */
  public void append(
      int ordinal, long timeMs, double value, @Nullable NativeHistogram histogram, long startMs) {
    HistogramWriter writer = extensions;
    if (writer == null) {
      writer = new HistogramWriter(slab, dayStartMs);
      extensions = writer;
    }
    append(record(ordinal), (int) (timeMs - dayStartMs), value, histogram, startMs, writer);
  }

  private void append(
      int record,
      int time,
      double value,
      @Nullable NativeHistogram histogram,
      long startMs,
      HistogramWriter writer) {
    boolean inOrder = time >= SampleRun.lastTime(slab, record) || SampleRun.isEmpty(slab, record);
    int run = inOrder ? record : sideRecord(record);
    writer.attach(run, histogram, startMs);
    SampleRun.append(slab, run, time, value);
  }

  /**
   * Adds an exemplar; one that is there already changes nothing.
   *
   * @return false when it was dropped because the series or the head has too many
   */
  public boolean exemplar(int ordinal, Exemplar exemplar) {
    HeadExemplars own = exemplars;
    if (own == null) {
      own = new HeadExemplars(slab, dayStartMs);
      exemplars = own;
    }
    return own.add(ordinal, exemplar);
  }

  private int sideRecord(int record) {
    MemorySegment r = slab.chunk(record);
    long at = SlabPool.offset(record) + SIDE;
    int side = r.get(INT, at);
    if (side == 0) {
      side = slab.allocate(SampleRun.RECORD_BYTES);
      SampleRun.clear(slab, side);
      PUBLISH_INT.setRelease(r, at, side);
    }
    return side;
  }

  /** Takes the matching samples away that are there now. */
  @Override
  public void delete(Deletion deletion) {
    TimeRange range = deletion.range();
    if (!range.overlaps(dayStartMs, day.endMs())) {
      return;
    }
    hasDeletions = true;
    SampleBuffer kept = new SampleBuffer();
    SampleBuffer spare = new SampleBuffer();
    RoaringBitmap selected = select(deletion);
    HeadExemplars ownExemplars = exemplars;
    if (ownExemplars != null) {
      ownExemplars.delete(selected, range);
    }
    PeekableIntIterator ordinals = selected.getIntIterator();
    while (ordinals.hasNext()) {
      int ordinal = ordinals.next();
      if (touches(ordinal, range)) {
        rewriteWithout(ordinal, range, kept, spare);
      }
    }
  }

  private void rewriteWithout(int ordinal, TimeRange range, SampleBuffer kept, SampleBuffer spare) {
    kept.clear();
    read(
        publishedMain(ordinal),
        publishedSide(ordinal),
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        kept,
        spare);
    if (scratchRecord == 0) {
      scratchRecord = slab.allocate(SampleRun.RECORD_BYTES);
    }
    SampleRun.clear(slab, scratchRecord);
    HistogramWriter writer = extensions;
    boolean removed = false;
    for (int i = 0; i < kept.size; i++) {
      if (range.contains(kept.timesMs[i])) {
        removed = true;
        continue;
      }
      if (writer != null) {
        if (removed) {
          writer.forgetHistogram(scratchRecord);
        }
        writer.attach(
            scratchRecord,
            kept.histograms == null ? null : kept.histograms[i],
            kept.startsMs == null ? 0 : kept.startsMs[i]);
        removed = false;
      }
      SampleRun.append(slab, scratchRecord, (int) (kept.timesMs[i] - dayStartMs), kept.values[i]);
    }
    // Readers take the side run first: one that no longer sees it sees the new main run.
    int record = record(ordinal);
    SampleRun.replace(slab, record, scratchRecord);
    PUBLISH_INT.setRelease(slab.chunk(record), SlabPool.offset(record) + SIDE, 0);
  }

  // ---- any thread that holds a reference

  /** False when the head was dropped already: its rows are in a published part, or deleted. */
  @Override
  public boolean tryRetain() {
    int now = references.get();
    while (now > 0) {
      if (references.compareAndSet(now, now + 1)) {
        return true;
      }
      now = references.get();
    }
    return false;
  }

  @Override
  public void release() {
    if (references.decrementAndGet() == 0) {
      slab.free();
      slab.chargeHeap(-heapBytes);
    }
  }

  public long bytes() {
    return slab.bytes() + heapBytes;
  }

  public long heapBytes() {
    return heapBytes;
  }

  public int seriesCount() {
    return index.seriesCount();
  }

  public long minPosition() {
    return minPosition;
  }

  public long maxPosition() {
    return maxPosition;
  }

  /** Bounds of the times ever appended; the least is the greatest long while there are none. */
  public long minTimeMs() {
    return minTimeMs;
  }

  public long maxTimeMs() {
    return maxTimeMs;
  }

  /** Whether some series may have no samples any more. */
  public boolean hasDeletions() {
    return hasDeletions;
  }

  public LabelIndex index() {
    return index;
  }

  /** The series that fit all matchers, with or without samples. */
  public RoaringBitmap select(List<Matcher> matchers) {
    return select(matchers, List.of());
  }

  /** The ordinals of the series of which the deletion may hide samples. */
  public RoaringBitmap select(Deletion deletion) {
    return select(deletion.matchers(), deletion.spared());
  }

  private RoaringBitmap select(List<Matcher> matchers, List<List<Matcher>> spared) {
    try {
      return LabelSelection.select(index, matchers, spared);
    } catch (IOException e) {
      throw new UncheckedIOException("the label index in memory cannot fail", e);
    }
  }

  /** Whether the series has samples and the first to the last of them touch the range. */
  public boolean touches(int ordinal, TimeRange range) {
    int record = record(ordinal);
    if (SampleRun.published(slab, record) == 0) {
      return false;
    }
    int min = SampleRun.minTime(slab, record);
    int max = SampleRun.maxTime(slab, record);
    int side = side(record);
    if (side != 0 && SampleRun.published(slab, side) != 0) {
      min = Math.min(min, SampleRun.minTime(slab, side));
    }
    return range.overlaps(dayStartMs + min, dayStartMs + max);
  }

  public Labels labels(int ordinal) {
    int record = record(ordinal);
    MemorySegment r = slab.chunk(record);
    long at = SlabPool.offset(record);
    int word = r.get(INT, at + LABELS_LENGTH);
    byte[] bytes = new byte[HeadLabels.length(word)];
    labels.copy(r.get(INT, at + LABELS), word, bytes);
    return Labels.ofCanonicalBytes(bytes);
  }

  /**
   * Takes the runs of the series as they are now: frames applied later are not seen through them,
   * and a frame is seen whole, unless the writer leaves no gap between frames long enough to look.
   *
   * @param main receives what {@link #read} wants, per ordinal
   * @param side likewise
   */
  public void capture(int[] ordinals, int count, long[] main, long[] side) {
    for (int attempt = 0; attempt < CAPTURE_ATTEMPTS; attempt++) {
      int before = version;
      for (int i = 0; i < count; i++) {
        side[i] = publishedSide(ordinals[i]);
        main[i] = publishedMain(ordinals[i]);
      }
      VarHandle.acquireFence();
      if ((before & 1) == 0 && version == before) {
        return;
      }
      Thread.onSpinWait();
    }
  }

  /**
   * Appends the samples between both times to {@code into}: times strictly ascend, the latest of
   * equals stays.
   *
   * @param spare for late samples; its content is lost
   */
  public void read(
      long main, long side, long fromMs, long toMs, SampleBuffer into, SampleBuffer spare) {
    int base = into.size;
    SampleRun.read(slab, main, dayStartMs, fromMs, toMs, true, into);
    if (side != 0) {
      spare.clear();
      SampleRun.read(slab, side, dayStartMs, fromMs, toMs, false, spare);
      SampleMerge.sort(spare);
      SampleMerge.into(into, base, spare);
    }
  }

  /** Exemplars of the series (all of them for null) within the range, in order of arrival. */
  public void exemplars(
      TimeRange range, @Nullable RoaringBitmap ordinals, ObjIntConsumer<Exemplar> visitor) {
    HeadExemplars own = exemplars;
    if (own != null) {
      own.forEach(range, ordinals, visitor);
    }
  }

  /** Puts a cursor at the beginning of a series' labels. */
  void labelsTo(int ordinal, LabelOrder.Cursor cursor) {
    int record = record(ordinal);
    MemorySegment r = slab.chunk(record);
    long at = SlabPool.offset(record);
    labels.to(r.get(INT, at + LABELS), r.get(INT, at + LABELS_LENGTH), cursor);
  }

  public long publishedMain(int ordinal) {
    return SampleRun.published(slab, record(ordinal));
  }

  public long publishedSide(int ordinal) {
    int side = side(record(ordinal));
    return side == 0 ? 0 : SampleRun.published(slab, side);
  }

  private int side(int record) {
    return (int) PUBLISH_INT.getAcquire(slab.chunk(record), SlabPool.offset(record) + SIDE);
  }

  private int record(int ordinal) {
    return recordPages[ordinal / RECORDS_PER_PAGE]
        + ordinal % RECORDS_PER_PAGE * (SampleRun.RECORD_BYTES / 8);
  }
}
