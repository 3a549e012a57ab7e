// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.chunk.TimeColumn;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.part.EntryPageWriter;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes each distinct time column once and says its number. Recent columns are remembered in a
 * table of fixed size; one that was forgotten is written again, which costs bytes and nothing else.
 */
final class TimeColumnWriter {

  private static final int SLOTS = 4096;
  private static final int MAX_REMEMBERED_TIMES = 1 << 20;

  private final EntryPageWriter pages;
  private final TimeColumn.TimeEncoder encoder = new TimeColumn.TimeEncoder();
  private final ByteWriter encoded = new ByteWriter(4096);
  private final long[] @Nullable [] slots = new long[SLOTS][];
  private final int[] numbers = new int[SLOTS];
  private int rememberedTimes;
  private int count;

  TimeColumnWriter(PartWriter out) {
    pages = new EntryPageWriter(out, PartWriter.Codec.COMPRESSED, PartFormat.TIMES_PAGE);
  }

  int number(long[] timesMs, int from, int to) throws IOException {
    int slot = slot(timesMs, from, to);
    long[] remembered = slots[slot];
    if (remembered != null && Arrays.equals(remembered, 0, remembered.length, timesMs, from, to)) {
      return numbers[slot];
    }
    encoded.clear();
    encoder.encode(timesMs, from, to, encoded);
    pages.add(count, encoded.bytes, 0, encoded.size);
    remember(slot, Arrays.copyOfRange(timesMs, from, to));
    return count++;
  }

  private void remember(int slot, long[] times) {
    long[] before = slots[slot];
    if (before != null) {
      rememberedTimes -= before.length;
    }
    if (rememberedTimes + times.length > MAX_REMEMBERED_TIMES) {
      Arrays.fill(slots, null);
      rememberedTimes = 0;
    }
    slots[slot] = times;
    numbers[slot] = count;
    rememberedTimes += times.length;
  }

  /** Ends, length and a few times in between tell columns apart well enough to choose a slot. */
  private static int slot(long[] timesMs, int from, int to) {
    int length = to - from;
    long hash = timesMs[from] * 0x9e3779b97f4a7c15L + timesMs[to - 1];
    hash = (hash ^ hash >>> 29) * 0xbf58476d1ce4e5b9L + length;
    hash += timesMs[from + length / 2] * 0x94d049bb133111ebL;
    hash = (hash ^ hash >>> 32) * 0x9e3779b97f4a7c15L;
    return (int) (hash >>> 52);
  }

  int count() {
    return count;
  }

  void finish(ByteWriter section) throws IOException {
    section.varint(count);
    pages.finish(section);
  }
}
