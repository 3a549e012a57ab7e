// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import io.skopos.metrics.store.frame.FrameEncoder;
import io.skopos.model.Fingerprint;
import io.skopos.model.Labels;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.Batch;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Samples in columns, as every decoder hands them to the intake: series as canonical label bytes
 * back to back, each followed by its samples. Filled by one thread: {@link #series}, then {@link
 * #sample}, {@link #histogram} and {@link #exemplar} for that series, any number of times; a series
 * may come again. A sample is a float or a native histogram.
 *
 * <p>Ownership: whoever appends a batch gives it away until the intake's future completes; frames
 * made of it refer to its columns until then. Afterwards it may be {@link #clear cleared} and
 * filled again.
 */
public final class SampleBatch implements Batch {

  /** Series are told apart by this hash (and then their bytes) within this process only. */
  public static final Fingerprint SERIES_HASH = Fingerprint.random();

  /**
   * Buckets of both sides of a native histogram, and spans and custom boundaries each, that are
   * taken: one with more makes {@link #toFrames} refuse the whole batch, so decoders leave it out
   * and say {@link #tooLarge why}.
   */
  public static final int MAX_BUCKETS = 8192;

  /** Canonical label bytes of an exemplar that are taken. */
  public static final int MAX_EXEMPLAR_LABEL_BYTES = 8192;

  /** What a cleared batch may keep for its next use, so that one huge request is not kept. */
  private static final int KEPT_LABEL_BYTES = 4 << 20;

  private static final int KEPT_SAMPLES = 64 << 10;

  private byte[] labelBytes = new byte[8192];
  private int[] labelEnds = new int[64];
  private int[] sampleEnds = new int[64];
  private long[] hashes = new long[64];
  private int seriesCount;
  private long[] timesMs = new long[256];
  private double[] values = new double[256];
  private int sampleCount;
  private long minTimeMs = Long.MAX_VALUE;
  private long maxTimeMs = Long.MIN_VALUE;
  private final List<MetadataRow> metadata = new ArrayList<>(0);

  /** Parallel to {@link #values}; null until a sample is a histogram. */
  private @Nullable NativeHistogram @Nullable [] histograms;

  /** Parallel to {@link #values}; null until a sample has a start; 0 for those without. */
  private long @Nullable [] startsMs;

  private final List<ExemplarRow> exemplars = new ArrayList<>(0);

  /** An exemplar and the series of this batch it belongs to. */
  public record ExemplarRow(int series, Exemplar exemplar) {}

  /**
   * What a target or sender said about a metric family.
   *
   * @param timeMs when it said so; of several rows the latest comes first in answers
   */
  public record MetadataRow(long timeMs, String metric, MetricMetadata metadata) {}

  /** Begins a series. The bytes must be canonical (see {@link Labels}); they are copied. */
  public void series(byte[] canonical, int offset, int length) {
    series(canonical, offset, length, SERIES_HASH.hash64(canonical, offset, length));
  }

  /** The same when the caller knows the bytes' {@link #SERIES_HASH}, from a cache of its own. */
  public void series(byte[] canonical, int offset, int length, long hash) {
    int start = labelStart(seriesCount);
    if (start + length > labelBytes.length) {
      labelBytes = Arrays.copyOf(labelBytes, Math.max(start + length, labelBytes.length * 2));
    }
    System.arraycopy(canonical, offset, labelBytes, start, length);
    if (seriesCount == labelEnds.length) {
      labelEnds = Arrays.copyOf(labelEnds, seriesCount * 2);
      sampleEnds = Arrays.copyOf(sampleEnds, seriesCount * 2);
      hashes = Arrays.copyOf(hashes, seriesCount * 2);
    }
    labelEnds[seriesCount] = start + length;
    sampleEnds[seriesCount] = sampleCount;
    hashes[seriesCount] = hash;
    seriesCount++;
  }

  public void series(Labels labels) {
    series(labels.canonicalBytes(), 0, labels.canonicalBytes().length);
  }

  /**
   * Adds a sample to the series begun last.
   *
   * @param startMs when the counting began whose state this is; 0 when that is not known
   */
  public void sample(long timeMs, double value, long startMs) {
    sample(timeMs, value);
    start(startMs);
  }

  /**
   * Adds a native histogram to the series begun last. A stale one is {@link StaleMarker#VALUE},
   * added as a float.
   *
   * @param startMs as for {@link #sample(long, double, long)}
   */
  public void histogram(long timeMs, NativeHistogram histogram, long startMs) {
    sample(timeMs, histogram.sum());
    if (histograms == null) {
      histograms = new @Nullable NativeHistogram[values.length];
    }
    histograms[sampleCount - 1] = histogram;
    start(startMs);
  }

  private void start(long startMs) {
    if (startMs == 0) {
      return;
    }
    if (startsMs == null) {
      startsMs = new long[values.length];
    }
    startsMs[sampleCount - 1] = startMs;
  }

  /** What makes the histogram larger than {@link #MAX_BUCKETS} allows; null when nothing does. */
  public static @Nullable String tooLarge(NativeHistogram histogram) {
    int buckets = histogram.positive().size() + histogram.negative().size();
    int spans = (histogram.positive().spans().length + histogram.negative().spans().length) / 2;
    int boundaries = histogram.customValues().length;
    int most = Math.max(buckets, Math.max(spans, boundaries));
    if (most <= MAX_BUCKETS) {
      return null;
    }
    String what = most == buckets ? "buckets" : most == spans ? "spans" : "custom boundaries";
    return "it has " + most + " " + what + ", the limit is " + MAX_BUCKETS;
  }

  /**
   * Adds an exemplar to the series begun last.
   *
   * @return false when it is not taken: its labels are longer than {@link
   *     #MAX_EXEMPLAR_LABEL_BYTES}, or its time is outside of the years that samples may have
   */
  public boolean exemplar(Exemplar exemplar) {
    return exemplar(seriesCount - 1, exemplar);
  }

  /** The same for any series of the batch. */
  public boolean exemplar(int series, Exemplar exemplar) {
    if (exemplar.labels().canonicalBytes().length > MAX_EXEMPLAR_LABEL_BYTES
        || !FrameEncoder.takesTime(exemplar.timeMs())) {
      return false;
    }
    exemplars.add(new ExemplarRow(series, exemplar));
    minTimeMs = Math.min(minTimeMs, exemplar.timeMs());
    maxTimeMs = Math.max(maxTimeMs, exemplar.timeMs());
    return true;
  }

  /** Adds a sample to the series begun last. */
  public void sample(long timeMs, double value) {
    if (sampleCount == timesMs.length) {
      timesMs = Arrays.copyOf(timesMs, sampleCount * 2);
      values = Arrays.copyOf(values, sampleCount * 2);
      if (histograms != null) {
        histograms = Arrays.copyOf(histograms, sampleCount * 2);
      }
      if (startsMs != null) {
        startsMs = Arrays.copyOf(startsMs, sampleCount * 2);
      }
    }
    timesMs[sampleCount] = timeMs;
    values[sampleCount] = value;
    sampleCount++;
    sampleEnds[seriesCount - 1] = sampleCount;
    minTimeMs = Math.min(minTimeMs, timeMs);
    maxTimeMs = Math.max(maxTimeMs, timeMs);
  }

  /** Adds what is known about a metric family, as of {@code timeMs}. */
  public void metadata(long timeMs, String metric, MetricMetadata about) {
    metadata.add(new MetadataRow(timeMs, metric, about));
    minTimeMs = Math.min(minTimeMs, timeMs);
    maxTimeMs = Math.max(maxTimeMs, timeMs);
  }

  /** Decides about a sample or an exemplar. */
  @FunctionalInterface
  public interface RowTest {
    boolean keeps(int series, long timeMs);
  }

  /** Leaves out samples and exemplars that the test refuses, in place. Metadata stays. */
  public void retain(RowTest test) {
    minTimeMs = Long.MAX_VALUE;
    maxTimeMs = Long.MIN_VALUE;
    int kept = 0;
    int begin = 0;
    for (int series = 0; series < seriesCount; series++) {
      int end = sampleEnds[series];
      for (int sample = begin; sample < end; sample++) {
        if (test.keeps(series, timesMs[sample])) {
          move(sample, kept++);
        }
      }
      sampleEnds[series] = kept;
      begin = end;
    }
    if (histograms != null) {
      Arrays.fill(histograms, kept, sampleCount, null);
    }
    if (startsMs != null) {
      Arrays.fill(startsMs, kept, sampleCount, 0);
    }
    sampleCount = kept;
    exemplars.removeIf(row -> !test.keeps(row.series(), row.exemplar().timeMs()));
    for (ExemplarRow row : exemplars) {
      minTimeMs = Math.min(minTimeMs, row.exemplar().timeMs());
      maxTimeMs = Math.max(maxTimeMs, row.exemplar().timeMs());
    }
    for (MetadataRow row : metadata) {
      minTimeMs = Math.min(minTimeMs, row.timeMs());
      maxTimeMs = Math.max(maxTimeMs, row.timeMs());
    }
  }

  private void move(int from, int to) {
    timesMs[to] = timesMs[from];
    values[to] = values[from];
    if (histograms != null) {
      histograms[to] = histograms[from];
    }
    if (startsMs != null) {
      startsMs[to] = startsMs[from];
    }
    minTimeMs = Math.min(minTimeMs, timesMs[to]);
    maxTimeMs = Math.max(maxTimeMs, timesMs[to]);
  }

  /** Makes it empty for another use. */
  public void clear() {
    seriesCount = 0;
    sampleCount = 0;
    minTimeMs = Long.MAX_VALUE;
    maxTimeMs = Long.MIN_VALUE;
    metadata.clear();
    exemplars.clear();
    histograms = null;
    startsMs = null;
    if (labelBytes.length > KEPT_LABEL_BYTES) {
      labelBytes = new byte[8192];
    }
    if (timesMs.length > KEPT_SAMPLES) {
      timesMs = new long[256];
      values = new double[256];
    }
    if (labelEnds.length > KEPT_SAMPLES) {
      labelEnds = new int[64];
      sampleEnds = new int[64];
      hashes = new long[64];
    }
  }

  /** Floats and histograms together. */
  public int sampleCount() {
    return sampleCount;
  }

  public int histogramCount() {
    int count = 0;
    for (int sample = 0; histograms != null && sample < sampleCount; sample++) {
      count += histograms[sample] == null ? 0 : 1;
    }
    return count;
  }

  public int seriesCount() {
    return seriesCount;
  }

  /** Canonical bytes of all series; those of one lie between its start and end. Read only. */
  public byte[] labelBytes() {
    return labelBytes;
  }

  public int labelStart(int series) {
    return series == 0 ? 0 : labelEnds[series - 1];
  }

  public int labelEnd(int series) {
    return labelEnds[series];
  }

  /** The {@link #SERIES_HASH} of the series' canonical bytes. */
  public long hash(int series) {
    return hashes[series];
  }

  /** The {@link #hash hashes} of several series. */
  public long[] hashes(int from, int to) {
    return Arrays.copyOfRange(hashes, from, to);
  }

  /** Whether the series from here on, of which there must be enough, have these hashes. */
  public boolean haveHashes(int from, long[] expected) {
    return Arrays.equals(hashes, from, from + expected.length, expected, 0, expected.length);
  }

  public Labels labels(int series) {
    return Labels.ofCanonicalBytes(
        Arrays.copyOfRange(labelBytes, labelStart(series), labelEnds[series]));
  }

  /** Index of the series' first sample. */
  public int sampleStart(int series) {
    return series == 0 ? 0 : sampleEnds[series - 1];
  }

  /** Index behind the series' last sample. */
  public int sampleEnd(int series) {
    return sampleEnds[series];
  }

  public long timeMs(int sample) {
    return timesMs[sample];
  }

  public double value(int sample) {
    return values[sample];
  }

  /** The histogram that the sample is; null for a float. */
  public @Nullable NativeHistogram histogramAt(int sample) {
    return histograms == null ? null : histograms[sample];
  }

  public boolean hasHistograms() {
    return histograms != null;
  }

  /** When the counting began whose state the sample is; 0 when that is not known. */
  public long startMs(int sample) {
    return startsMs == null ? 0 : startsMs[sample];
  }

  public boolean hasStarts() {
    return startsMs != null;
  }

  /** Those of one series need not stand together. */
  public List<ExemplarRow> exemplars() {
    return exemplars;
  }

  public List<MetadataRow> metadata() {
    return metadata;
  }

  @Override
  public Signal signal() {
    return Signal.METRICS;
  }

  /** Samples, exemplars and metadata rows. */
  @Override
  public int rows() {
    return sampleCount + exemplars.size() + metadata.size();
  }

  @Override
  public long minTimeMs() {
    return minTimeMs;
  }

  @Override
  public long maxTimeMs() {
    return maxTimeMs;
  }

  @Override
  public List<Frame> toFrames(TenantId tenant, Sharding sharding) {
    return FrameEncoder.encode(this, tenant, sharding);
  }
}
