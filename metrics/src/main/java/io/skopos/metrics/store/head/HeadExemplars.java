// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * The exemplars of one head, in order of arrival. Each stands in the slab (series, time of the day,
 * value, labels) and its address in a list that only grows, so that readers see a complete prefix;
 * a deleted one's address becomes 0. What comes again is kept once: targets repeat their exemplars
 * with every scrape.
 *
 * <p>{@link #add} and {@link #delete} belong to the head's writer.
 */
final class HeadExemplars {

  /** Of one series, until the head is flushed. */
  static final int MAX_PER_SERIES = 1_000;

  /** Of all series of a head. */
  static final int MAX = 100_000;

  private static final int HEADER_BYTES = 20;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Slab slab;
  private final long dayStartMs;
  private volatile int[] addresses = new int[16];
  private volatile int count;

  // The writer's: what is there already, and how many of each series.
  private final Long2IntOpenHashMap byHash = new Long2IntOpenHashMap();
  private final Int2IntOpenHashMap perSeries = new Int2IntOpenHashMap();

  HeadExemplars(Slab slab, long dayStartMs) {
    this.slab = slab;
    this.dayStartMs = dayStartMs;
  }

  /** False when it was dropped because there are too many. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  boolean add(int ordinal, Exemplar exemplar) {
    byte[] labels = exemplar.labels().canonicalBytes();
    byte[] entry = new byte[HEADER_BYTES + labels.length];
    MemorySegment e = MemorySegment.ofArray(entry);
    e.set(INT, 0, ordinal);
    e.set(INT, 4, (int) (exemplar.timeMs() - dayStartMs));
    e.set(LONG, 8, Double.doubleToRawLongBits(exemplar.value()));
    e.set(INT, 16, labels.length);
    System.arraycopy(labels, 0, entry, HEADER_BYTES, labels.length);
    long hash = SampleBatch.SERIES_HASH.hash64(entry, 0, entry.length);
    int known = byHash.get(hash);
    if (known != 0 && isAt(known, e)) {
      return true;
    }
    if (count >= MAX || perSeries.get(ordinal) >= MAX_PER_SERIES) {
      return false;
    }
    int address = slab.allocate(entry.length);
    MemorySegment.copy(e, 0, slab.chunk(address), SlabPool.offset(address), entry.length);
    byHash.put(hash, address);
    perSeries.addTo(ordinal, 1);
    int[] list = addresses;
    if (count == list.length) {
      list = Arrays.copyOf(list, 2 * count);
      list[count] = address;
      addresses = list;
    } else {
      list[count] = address;
    }
    count++;
    return true;
  }

  private boolean isAt(int address, MemorySegment entry) {
    MemorySegment at = slab.chunk(address);
    long from = SlabPool.offset(address);
    return from + entry.byteSize() <= at.byteSize()
        && MemorySegment.mismatch(at, from, from + entry.byteSize(), entry, 0, entry.byteSize())
            < 0;
  }

  void delete(RoaringBitmap ordinals, TimeRange range) {
    int[] list = addresses;
    for (int i = 0; i < count; i++) {
      int address = list[i];
      if (address != 0 && ordinals.contains(ordinal(address)) && range.contains(timeMs(address))) {
        list[i] = 0;
        perSeries.addTo(ordinal(address), -1);
        byHash.remove(hash(address), address);
      }
    }
  }

  /** Any thread's: those of the series, or of all for null, in order of arrival. */
  void forEach(
      TimeRange range, @Nullable RoaringBitmap ordinals, ObjIntConsumer<Exemplar> visitor) {
    int end = count;
    int[] list = addresses;
    for (int i = 0; i < end; i++) {
      int address = list[i];
      if (address != 0
          && range.contains(timeMs(address))
          && (ordinals == null || ordinals.contains(ordinal(address)))) {
        visitor.accept(exemplar(address), ordinal(address));
      }
    }
  }

  private long hash(int address) {
    MemorySegment from = slab.chunk(address);
    long at = SlabPool.offset(address);
    byte[] entry = new byte[HEADER_BYTES + from.get(INT, at + 16)];
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at, entry, 0, entry.length);
    return SampleBatch.SERIES_HASH.hash64(entry, 0, entry.length);
  }

  private int ordinal(int address) {
    return slab.chunk(address).get(INT, SlabPool.offset(address));
  }

  private long timeMs(int address) {
    return dayStartMs + slab.chunk(address).get(INT, SlabPool.offset(address) + 4);
  }

  private Exemplar exemplar(int address) {
    MemorySegment from = slab.chunk(address);
    long at = SlabPool.offset(address);
    byte[] labels = new byte[from.get(INT, at + 16)];
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at + HEADER_BYTES, labels, 0, labels.length);
    return new Exemplar(
        Labels.ofCanonicalBytes(labels),
        Double.longBitsToDouble(from.get(LONG, at + 8)),
        timeMs(address));
  }

  /** About what stands on the heap; the exemplars themselves are the slab's. */
  long heapBytes() {
    return 256 + 4L * addresses.length + 24L * count + 16L * perSeries.size();
  }
}
