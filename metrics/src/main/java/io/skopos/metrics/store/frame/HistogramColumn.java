// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.storage.WriteRefused;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The native histograms of a frame, without their sums, which are the samples' values. Neighbours
 * mostly have the same spans and boundaries, which then are not repeated; whole counts are
 * differences from bucket to bucket.
 */
final class HistogramColumn {

  private static final int HINT = 3;
  private static final int INTEGER = 4;
  private static final int FRACTIONS = 8;
  private static final int NEW_LAYOUT = 16;

  private HistogramColumn() {}

  /**
   * What the series' histograms weigh; see {@link FrameFormat#MAX_HISTOGRAMS_WEIGHT}.
   *
   * @throws WriteRefused when one could not be read back
   */
  static long weight(SampleBatch batch, int series) {
    long weight = 0;
    for (int i = batch.sampleStart(series); i < batch.sampleEnd(series); i++) {
      NativeHistogram histogram = batch.histogramAt(i);
      if (histogram != null) {
        check(histogram);
        weight += weight(histogram);
      }
    }
    return weight;
  }

  private static void check(NativeHistogram histogram) {
    int schema = histogram.schema();
    if (!isSchema(schema)) {
      throw new WriteRefused(
          400,
          "a native histogram has the schema "
              + schema
              + "; known are -4 to 8 and -53 (custom buckets)");
    }
    String tooLarge = SampleBatch.tooLarge(histogram);
    if (tooLarge != null) {
      throw new WriteRefused(400, "a native histogram is too large: " + tooLarge);
    }
    if (histogram.customValues().length > 0 && schema != NativeHistogram.CUSTOM_BUCKETS) {
      throw new WriteRefused(
          400, "a native histogram of schema " + schema + " has custom boundaries");
    }
  }

  private static boolean isSchema(long schema) {
    return (schema >= NativeHistogram.MIN_SCHEMA && schema <= NativeHistogram.MAX_SCHEMA)
        || schema == NativeHistogram.CUSTOM_BUCKETS;
  }

  private static int weight(NativeHistogram histogram) {
    return FrameFormat.HISTOGRAM_WEIGHT
        + histogram.positive().size()
        + histogram.negative().size()
        + (histogram.positive().spans().length + histogram.negative().spans().length) / 2
        + histogram.customValues().length;
  }

  /** Floats and histograms of all samples in turn; floats at the end are left out. */
  static void write(SampleBatch batch, int[] series, ByteColumn out) {
    int floats = 0;
    int run = 0;
    ByteColumn bodies = new ByteColumn(4096);
    NativeHistogram before = null;
    for (int s : series) {
      for (int i = batch.sampleStart(s); i < batch.sampleEnd(s); i++) {
        NativeHistogram histogram = batch.histogramAt(i);
        if (histogram == null) {
          if (run > 0) {
            endRun(floats, run, bodies, out);
            floats = 0;
            run = 0;
          }
          floats++;
        } else {
          run++;
          write(histogram, before, bodies);
          before = histogram;
        }
      }
    }
    if (run > 0) {
      endRun(floats, run, bodies, out);
    }
  }

  private static void endRun(int floats, int run, ByteColumn bodies, ByteColumn out) {
    out.varint(floats);
    out.varint(run);
    out.put(bodies);
    bodies.clear();
  }

  private static void write(
      NativeHistogram histogram, @Nullable NativeHistogram before, ByteColumn out) {
    boolean whole =
        isWhole(histogram.count())
            && isWhole(histogram.zeroCount())
            && areWhole(histogram.positive())
            && areWhole(histogram.negative());
    boolean sameLayout = before != null && haveSameLayout(histogram, before);
    int head = histogram.resetHint().ordinal();
    head |= histogram.integer() ? INTEGER : 0;
    head |= whole ? 0 : FRACTIONS;
    head |= sameLayout ? 0 : NEW_LAYOUT;
    out.put(head);
    if (!sameLayout) {
      out.zigzag(histogram.schema());
      out.int64(Double.doubleToRawLongBits(histogram.zeroThreshold()));
      spans(histogram.positive(), out);
      spans(histogram.negative(), out);
      out.varint(histogram.customValues().length);
      for (double boundary : histogram.customValues()) {
        out.int64(Double.doubleToRawLongBits(boundary));
      }
    }
    if (whole) {
      out.zigzag((long) histogram.count());
      out.zigzag((long) histogram.zeroCount());
      differences(histogram.positive(), out);
      differences(histogram.negative(), out);
    } else {
      out.int64(Double.doubleToRawLongBits(histogram.count()));
      out.int64(Double.doubleToRawLongBits(histogram.zeroCount()));
      bits(histogram.positive(), out);
      bits(histogram.negative(), out);
    }
  }

  private static boolean haveSameLayout(NativeHistogram one, NativeHistogram other) {
    return one.schema() == other.schema()
        && Double.doubleToRawLongBits(one.zeroThreshold())
            == Double.doubleToRawLongBits(other.zeroThreshold())
        && Arrays.equals(one.positive().spans(), other.positive().spans())
        && Arrays.equals(one.negative().spans(), other.negative().spans())
        && Arrays.equals(one.customValues(), other.customValues());
  }

  private static boolean isWhole(double count) {
    return Double.doubleToRawLongBits((double) (long) count) == Double.doubleToRawLongBits(count);
  }

  private static boolean areWhole(Buckets buckets) {
    for (double count : buckets.counts()) {
      if (!isWhole(count)) {
        return false;
      }
    }
    return true;
  }

  private static void spans(Buckets buckets, ByteColumn out) {
    int[] spans = buckets.spans();
    out.varint(spans.length / 2);
    for (int i = 0; i < spans.length; i += 2) {
      out.zigzag(spans[i]);
      out.varint(spans[i + 1]);
    }
  }

  private static void differences(Buckets buckets, ByteColumn out) {
    long before = 0;
    for (double count : buckets.counts()) {
      out.zigzag((long) count - before);
      before = (long) count;
    }
  }

  private static void bits(Buckets buckets, ByteColumn out) {
    for (double count : buckets.counts()) {
      out.int64(Double.doubleToRawLongBits(count));
    }
  }

  /** Reads them back one sample after the other. */
  static final class Reader {

    private final ByteCursor in;
    private int floats;
    private int histograms;
    private int weight;

    // Of the histogram before.
    private boolean hasLayout;
    private int schema;
    private double zeroThreshold;
    private int[] positiveSpans = {};
    private int positiveSize;
    private int[] negativeSpans = {};
    private int negativeSize;
    private double[] customValues = NativeHistogram.NO_CUSTOM_VALUES;

    Reader(ByteCursor in) {
      this.in = in;
    }

    /**
     * The next sample's histogram, or null when it is a float.
     *
     * @param sum the sample's value
     */
    @Nullable NativeHistogram next(double sum) {
      if (floats == 0 && histograms == 0) {
        if (in.remaining() == 0) {
          return null;
        }
        floats = in.count("floats before a histogram", FrameFormat.MAX_SAMPLES);
        histograms = in.count("histograms", in.remaining());
        if (histograms == 0) {
          throw new DamagedFrame("a run of histograms is empty");
        }
      }
      if (floats > 0) {
        floats--;
        return null;
      }
      histograms--;
      return read(sum);
    }

    private NativeHistogram read(double sum) {
      int head = in.get();
      if (head >= NEW_LAYOUT << 1) {
        throw new DamagedFrame("a histogram begins with " + head);
      }
      if ((head & NEW_LAYOUT) != 0) {
        readLayout();
      } else if (!hasLayout) {
        throw new DamagedFrame("the first histogram refers to one before");
      }
      weigh(FrameFormat.HISTOGRAM_WEIGHT + positiveSize + negativeSize);
      weigh((positiveSpans.length + negativeSpans.length) / 2 + customValues.length);
      boolean fractions = (head & FRACTIONS) != 0;
      int least = (fractions ? 8 : 1) * (2 + positiveSize + negativeSize);
      if (least > in.remaining()) {
        throw new DamagedFrame("a histogram ends behind its column");
      }
      double count = fractions ? Double.longBitsToDouble(in.int64()) : in.zigzag();
      double zeroCount = fractions ? Double.longBitsToDouble(in.int64()) : in.zigzag();
      return new NativeHistogram(
          schema,
          (head & INTEGER) != 0,
          ResetHint.of(head & HINT),
          zeroThreshold,
          zeroCount,
          count,
          sum,
          buckets(positiveSpans, positiveSize, fractions),
          buckets(negativeSpans, negativeSize, fractions),
          customValues);
    }

    private void weigh(int more) {
      weight += more;
      if (weight > FrameFormat.MAX_HISTOGRAMS_WEIGHT) {
        throw new DamagedFrame("its histograms have more buckets than fit into a frame");
      }
    }

    private void readLayout() {
      long read = in.zigzag();
      if (!isSchema(read)) {
        throw new DamagedFrame("a histogram has the schema " + read);
      }
      schema = (int) read;
      zeroThreshold = Double.longBitsToDouble(in.int64());
      positiveSpans = spans();
      positiveSize = size(positiveSpans);
      negativeSpans = spans();
      negativeSize = size(negativeSpans);
      int boundaries = in.count("custom values", Math.min(SampleBatch.MAX_BUCKETS, in.remaining()));
      if (boundaries > 0 && schema != NativeHistogram.CUSTOM_BUCKETS) {
        throw new DamagedFrame("a histogram of schema " + schema + " has custom boundaries");
      }
      customValues = boundaries == 0 ? NativeHistogram.NO_CUSTOM_VALUES : new double[boundaries];
      for (int i = 0; i < boundaries; i++) {
        customValues[i] = Double.longBitsToDouble(in.int64());
      }
      hasLayout = true;
    }

    private int[] spans() {
      int count = in.count("spans", Math.min(SampleBatch.MAX_BUCKETS, in.remaining() / 2));
      int[] spans = new int[2 * count];
      for (int i = 0; i < count; i++) {
        long offset = in.zigzag();
        if (offset != (int) offset || (i > 0 && offset < 0)) {
          throw new DamagedFrame("a span begins at " + offset);
        }
        spans[2 * i] = (int) offset;
        spans[2 * i + 1] = in.count("buckets of a span", SampleBatch.MAX_BUCKETS);
      }
      return spans;
    }

    private static int size(int[] spans) {
      long size = 0;
      for (int i = 1; i < spans.length; i += 2) {
        size += spans[i];
      }
      if (size > SampleBatch.MAX_BUCKETS) {
        throw new DamagedFrame("a histogram has " + size + " buckets");
      }
      return (int) size;
    }

    private Buckets buckets(int[] spans, int size, boolean fractions) {
      if (spans.length == 0) {
        return Buckets.NONE;
      }
      double[] counts = new double[size];
      long count = 0;
      for (int i = 0; i < size; i++) {
        if (fractions) {
          counts[i] = Double.longBitsToDouble(in.int64());
        } else {
          count += in.zigzag();
          counts[i] = count;
        }
      }
      return new Buckets(spans, counts);
    }

    /** Behind the last sample. */
    void finish() {
      if (floats != 0 || histograms != 0 || in.remaining() != 0) {
        throw new DamagedFrame("histograms are left over behind its last sample");
      }
    }
  }
}
