// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.head.DayHead;
import io.skopos.metrics.store.head.SlabPool;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.memory.MemoryBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A program, not a test: the same observations of many series over a day, kept as native histograms
 * (schema 3), as native histograms with custom buckets, and as the series of classic histograms;
 * prints what a scrape of one histogram costs in the head and in a part. The figures of
 * docs/decisions/metrics-histograms.md are its output. Arguments: series, seconds between scrapes.
 */
final class HistogramFigures {

  private static final UtcDay DAY = UtcDay.parse("2026-01-05");
  private static final int MAX_BUCKETS = 160;
  private static final int SCHEMA = 3;
  private static final double PER_OCTAVE = 8;

  /** The client libraries' own, without the last one, +Inf. */
  private static final double[] BOUNDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

  private final int series;
  private final int scrapes;
  private final long[] times;

  /** Cumulative counts of the classic buckets, by series, bucket and scrape; then the sums. */
  private final int[][][] classic;

  private final double[][] sums;
  private double populated;

  private HistogramFigures(int series, int seconds) {
    this.series = series;
    this.scrapes = 86_400 / seconds;
    times = new long[scrapes];
    for (int i = 0; i < scrapes; i++) {
      times[i] = DAY.startMs() + i * seconds * 1_000L;
    }
    classic = new int[series][BOUNDS.length + 1][scrapes];
    sums = new double[series][scrapes];
  }

  public static void main(String[] arguments) throws IOException {
    int series = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
    int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 30;
    HistogramFigures figures = new HistogramFigures(series, seconds);
    Path directory = Files.createTempDirectory("histogram-figures");
    try (PartsOnDisk parts = new PartsOnDisk(directory)) {
      figures.run(parts);
    }
  }

  private void run(PartsOnDisk parts) throws IOException {
    System.out.printf(Locale.ROOT, "%,d series, %,d scrapes each%n", series, scrapes);
    Target exponential = new Target(parts);
    for (int s = 0; s < series; s++) {
      exponential.add(labels("seconds", s, ""), observe(s));
    }
    exponential.print("native, schema 3", 1);
    System.out.printf(Locale.ROOT, "  %.0f buckets at the end of the day%n", populated / series);
    Target custom = new Target(parts);
    for (int s = 0; s < series; s++) {
      custom.add(labels("seconds", s, ""), customBuckets(s));
    }
    custom.print("native, 12 custom buckets", 1);
    Target buckets = new Target(parts);
    for (int s = 0; s < series; s++) {
      for (int le : leOrder()) {
        buckets.add(labels("seconds_bucket", s, le(le)), floats(classic[s][le]));
      }
    }
    for (int s = 0; s < series; s++) {
      buckets.add(labels("seconds_count", s, ""), floats(classic[s][BOUNDS.length]));
    }
    for (int s = 0; s < series; s++) {
      buckets.add(labels("seconds_sum", s, ""), sums(s));
    }
    buckets.print("classic, 12 buckets, sum, count", BOUNDS.length + 3);
    Target onlySums = new Target(parts);
    for (int s = 0; s < series; s++) {
      onlySums.add(labels("seconds_sum", s, ""), sums(s));
    }
    onlySums.print("of each, the sum", 1);
  }

  /** A head and a part that are given the same series. */
  private final class Target {

    private final SlabPool pool = new SlabPool(new MemoryBudget(8L << 30));
    private final DayHead head = new DayHead(TenantId.ANONYMOUS, DAY, 0, pool);
    private final MetricsPartWriter writer;
    private long headBytes;

    Target(PartsOnDisk parts) throws IOException {
      writer = new MetricsPartWriter(parts.create());
    }

    void add(Labels labels, SampleBuffer samples) throws IOException {
      byte[] bytes = labels.canonicalBytes();
      int ordinal = head.series(bytes, 0, bytes.length, SampleBatch.SERIES_HASH.hash64(bytes));
      for (int i = 0; i < samples.size; i++) {
        NativeHistogram histogram = samples.histograms == null ? null : samples.histograms[i];
        if (histogram == null) {
          head.append(ordinal, samples.timesMs[i], samples.values[i]);
        } else {
          head.append(ordinal, samples.timesMs[i], samples.values[i], histogram, 0);
        }
      }
      writer.series(bytes, 0, bytes.length);
      writer.samples(samples);
    }

    void print(String name, int samplesEach) throws IOException {
      headBytes = head.bytes();
      PartEntry entry = writer.finish(1, 1, 0);
      writer.close();
      head.release();
      double histograms = (double) series * scrapes;
      System.out.printf(
          Locale.ROOT,
          "%-34s %2d samples a scrape: head %7.1f, part %7.2f bytes a scrape, %6.3f a sample%n",
          name,
          samplesEach,
          headBytes / histograms,
          entry.length() / histograms,
          entry.length() / histograms / samplesEach);
    }
  }

  /** Fills the classic counts of a series too; all from a seed. */
  private SampleBuffer observe(int s) {
    Random random = new Random(s);
    double rate = Math.pow(10, -1 + 4 * random.nextDouble()); // 0.1 to 1,000 a scrape
    double median = Math.pow(10, -2.5 + 2 * random.nextDouble());
    double spread = 0.3 + 0.9 * random.nextDouble();
    int lowest = Integer.MIN_VALUE;
    double[] counts = new double[MAX_BUCKETS];
    int[] cumulative = new int[BOUNDS.length + 1];
    double sum = 0;
    long count = 0;
    SampleBuffer samples = new SampleBuffer(scrapes);
    for (int i = 0; i < scrapes; i++) {
      long observed = Math.round(rate + Math.sqrt(rate) * random.nextGaussian() + 0.3);
      for (long o = 0; o < observed; o++) {
        double value = median * Math.exp(spread * random.nextGaussian());
        // Milliseconds with three decimals, as many clocks give them.
        value = Math.max(1e-6, Math.rint(value * 1e6) / 1e6);
        int index = (int) Math.ceil(Math.log(value) / Math.log(2) * PER_OCTAVE);
        if (lowest == Integer.MIN_VALUE) {
          lowest = index - MAX_BUCKETS / 2;
        }
        counts[Math.max(0, Math.min(MAX_BUCKETS - 1, index - lowest))]++;
        int le = Arrays.binarySearch(BOUNDS, value);
        for (int b = le < 0 ? -le - 1 : le; b <= BOUNDS.length; b++) {
          cumulative[b]++;
        }
        sum += value;
        count++;
      }
      for (int b = 0; b <= BOUNDS.length; b++) {
        classic[s][b][i] = cumulative[b];
      }
      sums[s][i] = sum;
      NativeHistogram histogram = exponential(counts, lowest, count, sum);
      samples.add(times[i], sum, histogram, 0);
    }
    for (double one : counts) {
      populated += one > 0 ? 1 : 0;
    }
    return samples;
  }

  /** Spans of what is populated; gaps of up to two are bridged, as clients do. */
  private static NativeHistogram exponential(double[] counts, int lowest, long count, double sum) {
    List<Integer> spans = new ArrayList<>();
    double[] kept = new double[counts.length];
    int size = 0;
    int end = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] == 0) {
        continue;
      }
      int last = spans.size() - 1;
      if (last > 0 && i - end <= 2) {
        size += i - end;
        spans.set(last, spans.get(last) + i - end + 1);
      } else {
        spans.add(spans.isEmpty() ? lowest + i : i - end);
        spans.add(1);
      }
      kept[size++] = counts[i];
      end = i + 1;
    }
    return histogram(
        SCHEMA,
        0x1p-128,
        count,
        sum,
        new Buckets(
            spans.stream().mapToInt(Integer::intValue).toArray(), Arrays.copyOf(kept, size)),
        NativeHistogram.NO_CUSTOM_VALUES);
  }

  private SampleBuffer customBuckets(int s) {
    SampleBuffer samples = new SampleBuffer(scrapes);
    int[] spans = {0, BOUNDS.length + 1};
    for (int i = 0; i < scrapes; i++) {
      double[] counts = new double[BOUNDS.length + 1];
      for (int b = 0; b <= BOUNDS.length; b++) {
        counts[b] = classic[s][b][i] - (b == 0 ? 0 : classic[s][b - 1][i]);
      }
      samples.add(
          times[i],
          sums[s][i],
          histogram(
              NativeHistogram.CUSTOM_BUCKETS,
              0,
              classic[s][BOUNDS.length][i],
              sums[s][i],
              new Buckets(spans, counts),
              BOUNDS),
          0);
    }
    return samples;
  }

  private static NativeHistogram histogram(
      int schema, double zeroThreshold, long count, double sum, Buckets buckets, double[] bounds) {
    return new NativeHistogram(
        schema,
        true,
        ResetHint.UNKNOWN,
        zeroThreshold,
        0,
        count,
        sum,
        buckets,
        Buckets.NONE,
        bounds);
  }

  private SampleBuffer sums(int s) {
    SampleBuffer samples = new SampleBuffer(scrapes);
    for (int i = 0; i < scrapes; i++) {
      samples.add(times[i], sums[s][i]);
    }
    return samples;
  }

  private SampleBuffer floats(int[] values) {
    SampleBuffer samples = new SampleBuffer(scrapes);
    for (int i = 0; i < scrapes; i++) {
      samples.add(times[i], values[i]);
    }
    return samples;
  }

  private static int[] leOrder() {
    Integer[] order = new Integer[BOUNDS.length + 1];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> le(a).compareTo(le(b)));
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  private static String le(int bucket) {
    return bucket == BOUNDS.length ? "+Inf" : String.valueOf(BOUNDS[bucket]);
  }

  private static Labels labels(String name, int s, String le) {
    return Labels.of(
        "__name__",
        name,
        "handler",
        "/api/v1/h%05d".formatted(s),
        "instance",
        "10.0.0." + s / 50 + ":8080",
        "job",
        "shop",
        "le",
        le);
  }
}
