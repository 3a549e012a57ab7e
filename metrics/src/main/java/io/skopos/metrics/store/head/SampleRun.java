// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import io.skopos.metrics.store.SampleBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A series' samples as a run of bytes that only grows. The run's record (64 bytes, one cache line)
 * holds what the writer needs to append, and one word that publishes the run: the address of its
 * first block and its length. A reader who takes that word sees a complete prefix of the run, for
 * good.
 *
 * <p>A sample is a control byte, then up to 4 bytes of time and up to 8 of value, little endian:
 *
 * <ul>
 *   <li>bits 7..6, the time, as difference of differences: 0: none; 1, 2, 3: 1, 2, 4 bytes, signed;
 *   <li>bits 5..0, the value: 0: as before; 1..7: that many bytes of zigzag difference between
 *       whole numbers; 8..15: 1..8 upper bytes of the double, the others are zero; 16 + 8 × (scale
 *       - 1) + bytes: the same difference between numbers over 10^scale; 16: no sample, go to the
 *       next block; 24, 32, 40: no sample, but something the next one has beside its value.
 * </ul>
 *
 * 24: the next sample is a histogram, 4 bytes are the address of its {@link HistogramPiece}; 32 and
 * 40: all samples from the next on have this start, 4 bytes of milliseconds from the day's begin,
 * signed, or 8 bytes of Unix milliseconds. Runs of plain floats have none of these.
 *
 * <p>Times are milliseconds of the day. Before the first sample time, difference and value are 0.
 * Blocks of 32, 64, then always 128 bytes begin with the next one's address (4 bytes); a sample
 * does not cross blocks. Nothing of this leaves the process.
 */
final class SampleRun {

  static final int RECORD_BYTES = 64;

  private static final int PUBLISHED = 0;
  private static final int LAST_BITS = 8;
  private static final int MANTISSA = 16;

  /** Two ints in one word, as all that follow, for fewer accesses: last time; last difference. */
  private static final int CLOCK = 24;

  /** Address of the last block; bytes used there (16 bits), its index (8), the scale (8). */
  private static final int STATE = 32;

  /** Least time; greatest time. */
  private static final int BOUNDS = 40;

  /** Behind here the record belongs to its owner, up to {@link #EXTENSION}. */
  static final int OWN = 48;

  /** Address of what the writer of {@link HistogramWriter histograms} and starts must know. */
  private static final int EXTENSION = 60;

  static final int HISTOGRAM = 24;
  static final int START_OF_DAY = 32;
  static final int START = 40;

  private static final int BLOCK_HEADER = 4;
  private static final int LARGEST_BLOCK_INDEX = 2;
  private static final int END_OF_BLOCK = 16;

  // Unaligned layouts spare the check of alignment; publishing needs the aligned one.
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle PUBLISH =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private SampleRun() {}

  static void clear(Slab slab, int record) {
    slab.chunk(record).asSlice(SlabPool.offset(record), RECORD_BYTES).fill((byte) 0);
  }

  /** What a reader takes with it; 0 for an empty run. */
  static long published(Slab slab, int record) {
    return (long) PUBLISH.getAcquire(slab.chunk(record), SlabPool.offset(record) + PUBLISHED);
  }

  /** For the writer: the time appended last; meaningless for an empty run. */
  static int lastTime(Slab slab, int record) {
    return (int) (slab.chunk(record).get(LONG, SlabPool.offset(record) + CLOCK) >>> 32);
  }

  static boolean isEmpty(Slab slab, int record) {
    return slab.chunk(record).get(LONG, SlabPool.offset(record) + PUBLISHED) == 0;
  }

  /** Least time of the run, or later a lesser one. */
  static int minTime(Slab slab, int record) {
    return (int) (slab.chunk(record).get(LONG, SlabPool.offset(record) + BOUNDS) >>> 32);
  }

  static int maxTime(Slab slab, int record) {
    return (int) slab.chunk(record).get(LONG, SlabPool.offset(record) + BOUNDS);
  }

  /** Replaces the run of one record by that of another, for readers all at once. */
  static void replace(Slab slab, int record, int by) {
    MemorySegment to = slab.chunk(record);
    long at = SlabPool.offset(record);
    MemorySegment from = slab.chunk(by);
    long source = SlabPool.offset(by);
    MemorySegment.copy(from, source + LAST_BITS, to, at + LAST_BITS, OWN - LAST_BITS);
    to.set(INT, at + EXTENSION, from.get(INT, source + EXTENSION));
    PUBLISH.setRelease(to, at + PUBLISHED, from.get(LONG, source + PUBLISHED));
  }

  /** For the writer; 0 while the run has only had plain floats. */
  static int extension(Slab slab, int record) {
    return slab.chunk(record).get(INT, SlabPool.offset(record) + EXTENSION);
  }

  static void extension(Slab slab, int record, int address) {
    slab.chunk(record).set(INT, SlabPool.offset(record) + EXTENSION, address);
  }

  /**
   * Puts something in front of the sample appended next.
   *
   * @param code one of {@link #HISTOGRAM}, {@link #START_OF_DAY} and {@link #START}
   */
  static void attach(Slab slab, int record, int code, long word) {
    MemorySegment r = slab.chunk(record);
    long at = SlabPool.offset(record);
    long published = r.get(LONG, at + PUBLISHED);
    long state = r.get(LONG, at + STATE);
    int bytes = attachedBytes(code);
    int size = 1 + bytes;
    int length = (int) published;
    int block = (int) (state >>> 32);
    int used = (int) (state >>> 16) & 0xffff;
    int index = (int) (state >>> 8) & 0xff;
    if (block == 0) {
      block = slab.allocate(blockBytes(0));
    } else if (used + size > capacity(index)) {
      length += capacity(index) - used;
      block = nextBlock(slab, block, used, index);
      index = Math.min(index + 1, LARGEST_BLOCK_INDEX);
      used = 0;
    }
    MemorySegment b = slab.chunk(block);
    long to = SlabPool.offset(block) + BLOCK_HEADER + used;
    b.set(BYTE, to, (byte) code);
    for (int i = 0; i < bytes; i++) {
      b.set(BYTE, to + 1 + i, (byte) (word >>> (8 * i)));
    }
    int scale = (int) state & 0xff;
    r.set(LONG, at + STATE, (long) block << 32 | (used + size) << 16 | index << 8 | scale);
    // Without a sample the run stays empty; all that can stand before one fits its first block.
    if (published != 0) {
      long head = published & 0xffff_ffff_0000_0000L;
      PUBLISH.setRelease(r, at + PUBLISHED, head | (length + size));
    }
  }

  /** Closes a block that has no room for what comes; gives the next one. */
  private static int nextBlock(Slab slab, int block, int used, int index) {
    MemorySegment full = slab.chunk(block);
    long at = SlabPool.offset(block);
    if (used < capacity(index)) {
      full.set(BYTE, at + BLOCK_HEADER + used, (byte) END_OF_BLOCK);
    }
    int next = slab.allocate(blockBytes(Math.min(index + 1, LARGEST_BLOCK_INDEX)));
    full.set(INT, at, next);
    return next;
  }

  private static int attachedBytes(int code) {
    return code == START ? 8 : 4;
  }

  static void append(Slab slab, int record, int time, double value) {
    MemorySegment r = slab.chunk(record);
    long at = SlabPool.offset(record);
    long published = r.get(LONG, at + PUBLISHED);
    long clock = r.get(LONG, at + CLOCK);
    long state = r.get(LONG, at + STATE);
    int scale = (int) state & 0xff;
    int delta = time - (int) (clock >>> 32);
    int change = delta - (int) clock;
    int timeBytes;
    int control;
    if (change == 0) {
      timeBytes = 0;
      control = 0;
    } else if (change == (byte) change) {
      timeBytes = 1;
      control = 0x40;
    } else if (change == (short) change) {
      timeBytes = 2;
      control = 0x80;
    } else {
      timeBytes = 4;
      control = 0xc0;
    }

    long bits = Double.doubleToRawLongBits(value);
    long lastBits = r.get(LONG, at + LAST_BITS);
    int valueBytes = 0;
    long word = 0;
    if (bits != lastBits) {
      long mantissa = Decimals.NONE;
      long before = 0;
      if (scale != Decimals.NO_SCALE) {
        mantissa = Decimals.mantissa(value, scale);
        before = r.get(LONG, at + MANTISSA);
      }
      // Values without a scale seldom find one: look again only now and then.
      if (mantissa == Decimals.NONE && (scale != Decimals.NO_SCALE || (published & 7) == 0)) {
        scale = Decimals.scale(value);
        if (scale != Decimals.NO_SCALE) {
          mantissa = Decimals.mantissa(value, scale);
          before = Decimals.mantissa(Double.longBitsToDouble(lastBits), scale);
        }
      }
      int rawBytes = Math.max(1, 8 - Long.numberOfTrailingZeros(bits) / 8);
      valueBytes = rawBytes;
      if (mantissa != Decimals.NONE) {
        r.set(LONG, at + MANTISSA, mantissa);
        if (before != Decimals.NONE) {
          long difference = mantissa - before;
          long zigzag = difference << 1 ^ difference >> 63;
          int bytes = (71 - Long.numberOfLeadingZeros(zigzag)) / 8;
          if (bytes <= rawBytes) {
            valueBytes = bytes;
            word = zigzag;
            control |= scale == 0 ? bytes : 8 + 8 * scale + bytes;
            rawBytes = 0;
          }
        }
      }
      if (rawBytes != 0) {
        word = bits >>> (64 - 8 * rawBytes);
        control |= 7 + rawBytes;
      }
      r.set(LONG, at + LAST_BITS, bits);
    }

    int size = 1 + timeBytes + valueBytes;
    int head = (int) (published >>> 32);
    int length = (int) published;
    int block = (int) (state >>> 32);
    int used = (int) (state >>> 16) & 0xffff;
    int index = (int) (state >>> 8) & 0xff;
    if (published == 0) {
      if (block == 0) {
        block = slab.allocate(blockBytes(0));
      }
      head = block;
      length = used; // what was attached
    } else if (used + size > capacity(index)) {
      length += capacity(index) - used;
      block = nextBlock(slab, block, used, index);
      index = Math.min(index + 1, LARGEST_BLOCK_INDEX);
      used = 0;
    }
    MemorySegment b = slab.chunk(block);
    long to = SlabPool.offset(block) + BLOCK_HEADER + used;
    int timeBits = 8 + 8 * timeBytes;
    long timeWord = timeBytes == 0 ? 0 : (change & (-1L >>> (64 - 8 * timeBytes))) << 8;
    long low = control | timeWord | word << timeBits;
    long high = word >>> (64 - timeBits);
    if (used + 16 <= capacity(index)) {
      b.set(LONG, to, low);
      if (size > 8) {
        b.set(LONG, to + 8, high);
      }
    } else {
      for (int i = 0; i < size; i++) {
        b.set(BYTE, to + i, (byte) (i < 8 ? low >>> (8 * i) : high >>> (8 * (i - 8))));
      }
    }
    r.set(LONG, at + CLOCK, (long) time << 32 | delta & 0xffff_ffffL);
    r.set(LONG, at + STATE, (long) block << 32 | (used + size) << 16 | index << 8 | scale);
    if (published == 0) {
      r.set(LONG, at + BOUNDS, (long) time << 32 | time);
    } else {
      long bounds = r.get(LONG, at + BOUNDS);
      int least = Math.min(time, (int) (bounds >>> 32));
      int greatest = Math.max(time, (int) bounds);
      r.set(LONG, at + BOUNDS, (long) least << 32 | greatest);
    }
    PUBLISH.setRelease(r, at + PUBLISHED, (long) head << 32 | (length + size));
  }

  /**
   * Appends the run's samples within the bounds to {@code into}, in the order they came. Where the
   * same time comes twice in a row the later value stays.
   *
   * @param ascending whether times never fall, so that reading may end at {@code toMs}
   */
  static void read(
      Slab slab,
      long published,
      long dayStartMs,
      long fromMs,
      long toMs,
      boolean ascending,
      SampleBuffer into) {
    int length = (int) published;
    int block = (int) (published >>> 32);
    int base = into.size;
    int index = 0;
    int time = 0;
    int delta = 0;
    long bits = 0;
    Attachments attached = null;
    while (length > 0) {
      int capacity = capacity(index);
      int end = Math.min(length, capacity);
      MemorySegment b = slab.chunk(block);
      long data = SlabPool.offset(block) + BLOCK_HEADER;
      into.ensure(end);
      int at = 0;
      while (at < end) {
        int control = b.get(BYTE, data + at) & 0xff;
        int code = control & 0x3f;
        if ((code & 7) == 0 && code >= END_OF_BLOCK) {
          if (code == END_OF_BLOCK) {
            break;
          }
          if (attached == null) {
            attached = new Attachments(slab, dayStartMs);
          }
          int bytes = attachedBytes(code);
          attached.take(code, load(b, data, at + 1, bytes, capacity));
          at += 1 + bytes;
          continue;
        }
        int timeBytes = timeBytes(control >>> 6);
        int valueBytes = code < 8 ? code : code < 16 ? code - 7 : code & 7;
        at++;
        if (timeBytes != 0) {
          long word = load(b, data, at, timeBytes, capacity);
          delta += (int) (word << (64 - 8 * timeBytes) >> (64 - 8 * timeBytes));
          at += timeBytes;
        }
        time += delta;
        if (valueBytes != 0) {
          long word = load(b, data, at, valueBytes, capacity);
          at += valueBytes;
          if (code >= 8 && code < 16) {
            bits = word << (64 - 8 * valueBytes);
          } else {
            int scale = code < 8 ? 0 : (code - 8) >>> 3;
            long before = Decimals.known(Double.longBitsToDouble(bits), scale);
            long mantissa = before + (word >>> 1 ^ -(word & 1));
            bits = Double.doubleToRawLongBits(Decimals.value(mantissa, scale));
          }
        }
        long timeMs = dayStartMs + time;
        if (timeMs < fromMs) {
          if (attached != null) {
            attached.skip(!ascending);
          }
          continue;
        }
        if (timeMs > toMs) {
          if (ascending) {
            return;
          }
          if (attached != null) {
            attached.skip(true);
          }
          continue;
        }
        int size = into.size;
        boolean again = size > base && into.timesMs[size - 1] == timeMs;
        if (again) {
          into.values[size - 1] = Double.longBitsToDouble(bits);
        } else {
          into.timesMs[size] = timeMs;
          into.values[size] = Double.longBitsToDouble(bits);
          into.size = size + 1;
        }
        if (attached != null) {
          attached.put(into, into.size - 1, again);
        }
      }
      length -= end;
      if (length > 0) {
        block = b.get(INT, data - BLOCK_HEADER);
        index = Math.min(index + 1, LARGEST_BLOCK_INDEX);
      }
    }
  }

  /** The next {@code bytes} bytes; only loads whole words that lie inside the block. */
  private static long load(MemorySegment block, long data, int at, int bytes, int capacity) {
    if (at + 8 <= capacity) {
      return block.get(LONG, data + at) & -1L >>> (64 - 8 * bytes);
    }
    long word = 0;
    for (int i = 0; i < bytes; i++) {
      word |= (block.get(BYTE, data + at + i) & 0xffL) << (8 * i);
    }
    return word;
  }

  private static int timeBytes(int timeClass) {
    return timeClass == 3 ? 4 : timeClass;
  }

  private static int blockBytes(int index) {
    return 32 << index;
  }

  private static int capacity(int index) {
    return (32 << index) - BLOCK_HEADER;
  }
}
