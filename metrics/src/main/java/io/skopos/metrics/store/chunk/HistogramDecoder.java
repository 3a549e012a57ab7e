// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what {@link HistogramEncoder} wrote. Reusable, not thread-safe. */
public final class HistogramDecoder {

  private final ValueDecoder values = new ValueDecoder();
  private final List<HistogramLayout> layouts = new ArrayList<>();

  /** The samples that are histograms, ascending. */
  private int[] places = new int[256];

  private long[] hints = new long[256];

  /** Of a group: number {@code n} of histogram {@code h} at {@code n * group + h}. */
  private long[] matrix = new long[1024];

  private double[] doubles = new double[1024];
  private long[] column = new long[256];

  /**
   * Decodes the histograms among samples {@code from} (inclusive) to {@code to} of a chunk of
   * {@code count}; places of floats are set to null.
   *
   * @param sums the samples' values, that of {@code from} at {@code at}
   * @param into gets them from index {@code at} on
   * @throws DamagedBytes when no encoder wrote this
   */
  public void decode(
      ByteReader in,
      int count,
      int from,
      int to,
      double[] sums,
      @Nullable NativeHistogram[] into,
      int at) {
    Arrays.fill(into, at, at + to - from, null);
    int histograms = placement(in, count);
    if (hints.length < histograms) {
      hints = new long[Math.max(histograms, 2 * hints.length)];
    }
    IntegerDecoder.decode(in, histograms, histograms, hints);
    layouts.clear();
    int done = 0;
    int numbers = 0;
    while (done < histograms) {
      int size = in.count(histograms - done, "histograms of a group");
      int head = in.uint8();
      if (size == 0 || head > HistogramFormat.KNOWN) {
        throw new DamagedBytes("a group of " + size + " histograms begins with " + head);
      }
      HistogramLayout layout = layout(in, head);
      numbers += size * layout.numbers();
      if (size > HistogramFormat.groupSize(layout.numbers())
          || numbers > HistogramEncoder.MAX_NUMBERS + layout.numbers()) {
        throw new DamagedBytes(size + " histograms of " + layout.numbers() + " numbers");
      }
      int length = in.count(in.remaining(), "bytes of histograms");
      int start = in.position();
      int end = in.end();
      int first = done;
      int wantedFrom = first;
      while (wantedFrom < done + size && places[wantedFrom] < from) {
        wantedFrom++;
      }
      int wantedTo = done + size;
      while (wantedTo > wantedFrom && places[wantedTo - 1] >= to) {
        wantedTo--;
      }
      if (wantedFrom < wantedTo) {
        in.reset(in.array(), start, start + length);
        decode(in, head, layout, size, wantedTo - first);
        for (int i = wantedFrom; i < wantedTo; i++) {
          int index = at + places[i] - from;
          into[index] = histogram(head, layout, size, i - first, hints[i], sums[index]);
        }
      }
      in.reset(in.array(), start + length, end);
      done += size;
      if (places[done - 1] >= to) {
        return;
      }
    }
  }

  private int placement(ByteReader in, int count) {
    if (places.length < count) {
      places = new int[Math.max(count, 2 * places.length)];
    }
    int sample = 0;
    int histograms = 0;
    while (sample < count) {
      int floats = in.count(count - sample, "floats");
      int some = in.count(count - sample - floats, "histograms");
      if (floats + some == 0) {
        throw new DamagedBytes("neither floats nor histograms follow");
      }
      sample += floats;
      for (int i = 0; i < some; i++) {
        places[histograms++] = sample++;
      }
    }
    if (histograms == 0) {
      throw new DamagedBytes("there are no histograms");
    }
    return histograms;
  }

  private HistogramLayout layout(ByteReader in, int head) {
    if ((head & HistogramFormat.NEW_LAYOUT) != 0) {
      HistogramLayout layout = HistogramLayout.read(in);
      layouts.add(layout);
      return layout;
    }
    int number = in.count(layouts.size() - 1L, "layouts");
    return layouts.get(number);
  }

  /** Fills the matrix with the first {@code wanted} histograms of a group. */
  private void decode(ByteReader in, int head, HistogramLayout layout, int size, int wanted) {
    int numbers = layout.numbers();
    if (matrix.length < size * numbers) {
      matrix = new long[size * numbers];
      doubles = new double[size * numbers];
    }
    if ((head & HistogramFormat.FRACTIONS) != 0) {
      fractions(in, size, numbers, wanted);
      return;
    }
    int most = Math.max(size, size * numbers);
    if (column.length < most) {
      column = new long[most];
    }
    IntegerDecoder.decode(in, numbers, numbers, column);
    for (int n = 0; n < numbers; n++) {
      Arrays.fill(matrix, n * size, n * size + wanted, column[n]);
    }
    if (size > 1 && (head & HistogramFormat.ROWS) != 0) {
      rows(in, size, numbers, wanted);
    } else if (size > 1) {
      columns(in, size, numbers, wanted);
    }
    // The count stands as what it has beyond its buckets.
    for (int h = 0; h < wanted; h++) {
      long total = 0;
      for (int n = 0; n < numbers; n++) {
        total += matrix[n * size + h];
      }
      matrix[h] = total;
    }
  }

  private void rows(ByteReader in, int size, int numbers, int wanted) {
    if (wanted == 1) {
      return;
    }
    IntegerDecoder.decode(in, (size - 1) * numbers, (wanted - 1) * numbers, column);
    for (int n = 0; n < numbers; n++) {
      for (int h = 1; h < wanted; h++) {
        matrix[n * size + h] = matrix[n * size + h - 1] + column[(h - 1) * numbers + n];
      }
    }
  }

  private void columns(ByteReader in, int size, int numbers, int wanted) {
    int maskAt = in.position();
    in.skip((numbers + 7) >>> 3);
    byte[] bytes = in.array();
    for (int n = 0; n < numbers; n++) {
      if ((bytes[maskAt + (n >>> 3)] >>> (n & 7) & 1) != 0) {
        IntegerDecoder.decode(in, size, wanted, column);
        for (int h = 0; h < wanted; h++) {
          matrix[n * size + h] += column[h];
        }
      }
    }
  }

  private void fractions(ByteReader in, int size, int numbers, int wanted) {
    int end = in.end();
    for (int n = 0; n < numbers; n++) {
      int length = in.count(in.remaining(), "bytes of a number");
      int next = in.position() + length;
      in.reset(in.array(), in.position(), next);
      values.decode(in, size, 0, wanted, doubles, n * size);
      in.reset(in.array(), next, end);
    }
  }

  private NativeHistogram histogram(
      int head, HistogramLayout layout, int size, int h, long hint, double sum) {
    if (hint < 0 || hint > 3) {
      throw new DamagedBytes("a histogram has the reset hint " + hint);
    }
    boolean fractions = (head & HistogramFormat.FRACTIONS) != 0;
    int positive = layout.positiveBuckets();
    return new NativeHistogram(
        layout.schema(),
        (head & HistogramFormat.INTEGER) != 0,
        ResetHint.of((int) hint),
        layout.zeroThreshold(),
        number(fractions, size + h),
        number(fractions, h),
        sum,
        buckets(layout.positiveSpans(), positive, fractions, size, 2 * size + h),
        buckets(
            layout.negativeSpans(),
            layout.negativeBuckets(),
            fractions,
            size,
            (2 + positive) * size + h),
        layout.customValues());
  }

  private double number(boolean fractions, int at) {
    return fractions ? doubles[at] : matrix[at];
  }

  private Buckets buckets(int[] spans, int count, boolean fractions, int size, int first) {
    if (spans.length == 0) {
      return Buckets.NONE;
    }
    double[] counts = new double[count];
    for (int i = 0; i < count; i++) {
      counts[i] = number(fractions, first + i * size);
    }
    return new Buckets(spans, counts);
  }
}
