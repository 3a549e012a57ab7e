// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.bytes.ByteWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the histograms of a chunk; their sums are the chunk's values. Histograms with the same
 * layout go in groups: what the first one has, then for each number that changes at all how it goes
 * on, number by number or, where that is smaller, histogram by histogram. Reusable, not
 * thread-safe.
 */
public final class HistogramEncoder {

  /** Numbers (buckets, counts) of a chunk's histograms together; see {@link #numbers}. */
  public static final int MAX_NUMBERS = 1 << 20;

  private final IntegerEncoder integers = new IntegerEncoder();
  private final ValueEncoder values = new ValueEncoder();
  private final ByteWriter body = new ByteWriter(4096);
  private final ByteWriter rows = new ByteWriter(4096);
  private final List<HistogramLayout> layouts = new ArrayList<>();
  private NativeHistogram[] present = new NativeHistogram[256];
  private long[] hints = new long[256];

  /** Of a group: number {@code n} of histogram {@code h} at {@code n * group + h}. */
  private long[] matrix = new long[1024];

  private double[] column = new double[256];
  private long[] flat = new long[1024];

  /** What one histogram adds to a chunk's {@link #MAX_NUMBERS}. */
  public static int numbers(NativeHistogram histogram) {
    return 2 + histogram.positive().size() + histogram.negative().size();
  }

  /**
   * Appends the histograms of samples {@code from} to {@code to}; null stands for a float.
   *
   * @return false, and nothing is written, when there are none
   */
  public boolean encode(@Nullable NativeHistogram[] histograms, int from, int to, ByteWriter out) {
    int count = gather(histograms, from, to);
    if (count == 0) {
      return false;
    }
    placement(histograms, from, to, out);
    for (int i = 0; i < count; i++) {
      hints[i] = present[i].resetHint().ordinal();
    }
    integers.encode(hints, 0, count, out);
    layouts.clear();
    int at = 0;
    while (at < count) {
      int number = layoutOf(present[at]);
      HistogramLayout layout =
          number < layouts.size() ? layouts.get(number) : HistogramLayout.of(present[at]);
      int end = groupEnd(at, count, layout);
      group(at, end, layout, number, out);
      at = end;
    }
    Arrays.fill(present, 0, count, null);
    return true;
  }

  @SuppressWarnings("NullAway") // emptied behind each use
  private int gather(@Nullable NativeHistogram[] histograms, int from, int to) {
    if (present.length < to - from) {
      present = new NativeHistogram[to - from];
      hints = new long[to - from];
    }
    int count = 0;
    for (int i = from; i < to; i++) {
      NativeHistogram histogram = histograms[i];
      if (histogram != null) {
        present[count++] = histogram;
      }
    }
    return count;
  }

  /** How many floats, then how many histograms, and so on. */
  private static void placement(
      @Nullable NativeHistogram[] histograms, int from, int to, ByteWriter out) {
    int at = from;
    while (at < to) {
      int floats = at;
      while (floats < to && histograms[floats] == null) {
        floats++;
      }
      int end = floats;
      while (end < to && histograms[end] != null) {
        end++;
      }
      out.varint(floats - at);
      out.varint(end - floats);
      at = end;
    }
  }

  private int layoutOf(NativeHistogram histogram) {
    for (int i = layouts.size() - 1; i >= 0; i--) {
      if (layouts.get(i).fits(histogram)) {
        return i;
      }
    }
    return layouts.size();
  }

  private int groupEnd(int at, int count, HistogramLayout layout) {
    int most = Math.min(count, at + HistogramFormat.groupSize(layout.numbers()));
    boolean whole = isWhole(present[at]);
    int end = at + 1;
    while (end < most
        && present[end].integer() == present[at].integer()
        && layout.fits(present[end])
        && isWhole(present[end]) == whole) {
      end++;
    }
    return end;
  }

  private static boolean isWhole(NativeHistogram histogram) {
    return isWhole(histogram.count())
        && isWhole(histogram.zeroCount())
        && areWhole(histogram.positive().counts())
        && areWhole(histogram.negative().counts());
  }

  private static boolean areWhole(double[] counts) {
    for (double count : counts) {
      if (!isWhole(count)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWhole(double count) {
    return Double.doubleToRawLongBits((double) (long) count) == Double.doubleToRawLongBits(count);
  }

  private void group(int from, int to, HistogramLayout layout, int number, ByteWriter out) {
    int size = to - from;
    boolean whole = isWhole(present[from]);
    boolean isNew = number == layouts.size();
    int head = present[from].integer() ? HistogramFormat.INTEGER : 0;
    head |= isNew ? HistogramFormat.NEW_LAYOUT : 0;
    ByteWriter smaller = body;
    if (whole) {
      integers(from, size, layout);
      if (rows.size < body.size) {
        smaller = rows;
        head |= HistogramFormat.ROWS;
      }
    } else {
      head |= HistogramFormat.FRACTIONS;
      fractions(from, size, layout);
    }
    out.varint(size);
    out.int8(head);
    if (isNew) {
      layout.write(out);
      layouts.add(layout);
    } else {
      out.varint(number);
    }
    out.sized(smaller.bytes, 0, smaller.size);
  }

  /** Both ways of writing them. */
  private void integers(int from, int size, HistogramLayout layout) {
    int numbers = layout.numbers();
    ensure(size, numbers);
    for (int h = 0; h < size; h++) {
      NativeHistogram histogram = present[from + h];
      long total = (long) histogram.zeroCount();
      matrix[size + h] = total;
      int place = 2;
      for (double count : histogram.positive().counts()) {
        matrix[place++ * size + h] = (long) count;
        total += (long) count;
      }
      for (double count : histogram.negative().counts()) {
        matrix[place++ * size + h] = (long) count;
        total += (long) count;
      }
      matrix[h] = (long) histogram.count() - total;
    }
    for (int n = 0; n < numbers; n++) {
      flat[n] = matrix[n * size];
    }
    body.clear();
    integers.encode(flat, 0, numbers, body);
    rows.clear();
    rows.put(body.bytes, 0, body.size);
    if (size > 1) {
      columns(size, numbers);
      for (int h = 1; h < size; h++) {
        for (int n = 0; n < numbers; n++) {
          int at = n * size + h;
          flat[(h - 1) * numbers + n] = matrix[at] - matrix[at - 1];
        }
      }
      integers.encode(flat, 0, (size - 1) * numbers, rows);
    }
  }

  private void columns(int size, int numbers) {
    int bits = 0;
    for (int n = 0; n < numbers; n++) {
      bits |= changes(n, size) ? 1 << (n & 7) : 0;
      if ((n & 7) == 7 || n == numbers - 1) {
        body.int8(bits);
        bits = 0;
      }
    }
    for (int n = 0; n < numbers; n++) {
      if (changes(n, size)) {
        // The first one is known: it begins at zero.
        for (int h = 0; h < size; h++) {
          flat[h] = matrix[n * size + h] - matrix[n * size];
        }
        integers.encode(flat, 0, size, body);
      }
    }
  }

  private boolean changes(int number, int size) {
    long first = matrix[number * size];
    for (int h = 1; h < size; h++) {
      if (matrix[number * size + h] != first) {
        return true;
      }
    }
    return false;
  }

  private void fractions(int from, int size, HistogramLayout layout) {
    if (column.length < size) {
      column = new double[size];
    }
    body.clear();
    int positive = layout.positiveBuckets();
    for (int n = 0; n < layout.numbers(); n++) {
      for (int h = 0; h < size; h++) {
        NativeHistogram histogram = present[from + h];
        column[h] =
            n == 0
                ? histogram.count()
                : n == 1
                    ? histogram.zeroCount()
                    : n - 2 < positive
                        ? histogram.positive().counts()[n - 2]
                        : histogram.negative().counts()[n - 2 - positive];
      }
      rows.clear();
      values.encode(column, 0, size, rows);
      body.sized(rows.bytes, 0, rows.size);
    }
  }

  private void ensure(int size, int numbers) {
    if (matrix.length < size * numbers) {
      matrix = new long[size * numbers];
      flat = new long[size * numbers];
    }
    if (flat.length < Math.max(size, numbers)) {
      flat = new long[Math.max(size, numbers)];
    }
  }
}
