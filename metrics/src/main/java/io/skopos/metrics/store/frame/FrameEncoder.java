// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Fingerprint;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import io.skopos.storage.WriteRefused;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Splits a batch by shard and encodes each shard's rows as frames. Series that came one after the
 * other before are known as a block, with their shard and their labels encoded. Encoders keep their
 * buffers and are shared out to the calling threads; there are at most as many idle ones as cores.
 */
public final class FrameEncoder {

  private static final ArrayBlockingQueue<FrameEncoder> IDLE =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  private final LabelTokens tokens = new LabelTokens();
  private final LabelSetsWriter labels = new LabelSetsWriter(tokens);
  private final SeriesBlocks blocks = new SeriesBlocks(labels);
  private final ByteColumn counts = new ByteColumn(256);
  private final ByteColumn times = new ByteColumn(256);
  private final ByteColumn tags = new ByteColumn(1024);
  private final ByteColumn values = new ByteColumn(4096);
  private final ByteColumn histograms = new ByteColumn(64);
  private final ByteColumn starts = new ByteColumn(64);
  private final ByteColumn exemplars = new ByteColumn(64);
  private final ByteColumn metadata = new ByteColumn(64);
  private final ByteColumn structure = new ByteColumn(16_384);
  private final ByteColumn payload = new ByteColumn(16_384);
  private int[] order = new int[64];

  private FrameEncoder() {}

  public static List<Frame> encode(SampleBatch batch, TenantId tenant, Sharding sharding) {
    FrameEncoder encoder = IDLE.poll();
    if (encoder == null) {
      encoder = new FrameEncoder();
    }
    boolean whole = false;
    try {
      List<Frame> frames = encoder.encodeAll(batch, tenant, sharding);
      whole = true;
      return frames;
    } finally {
      if (whole && !encoder.tokens.isLarge()) {
        boolean _ = IDLE.offer(encoder);
      }
    }
  }

  private List<Frame> encodeAll(SampleBatch batch, TenantId tenant, Sharding sharding) {
    if (batch.rows() > 0) {
      checkTime(batch.minTimeMs());
      checkTime(batch.maxTimeMs());
    }
    FrameExemplars ownExemplars = new FrameExemplars(batch);
    int series = batch.seriesCount();
    boolean small = isSmall(batch);
    tokens.read(
        batch, tenant, sharding, small ? blocks.find(batch, tenant, sharding) : blocks.none(batch));
    labels.begin();
    int[] shardEnds = orderByShard(series, sharding.shardCount());
    int metadataShard = batch.metadata().isEmpty() ? -1 : metadataShard(tenant, sharding);
    List<Frame> frames = new ArrayList<>();
    int start = 0;
    for (int shard = 0; shard < shardEnds.length; shard++) {
      int end = shardEnds[shard];
      boolean metadataDue = shard == metadataShard;
      while (start < end || metadataDue) {
        int until = small ? end : fullAt(batch, ownExemplars, start, end);
        int[] own = Arrays.copyOfRange(order, start, until);
        List<FrameRows.Stretch> stretches =
            small ? blocks.stretches(batch, tenant, sharding, shard, own) : List.of();
        Frame frame = frame(batch, tenant, shard, own, stretches, ownExemplars, metadataDue);
        if (frame.rows() > 0) {
          frames.add(frame);
        }
        start = until;
        metadataDue = false;
      }
    }
    blocks.end(batch);
    return frames;
  }

  /** Series known to come one after the other: bytes held, found and made so far. */
  public static LabelBlocks knownBlocks() {
    return SeriesBlocks.known();
  }

  /** Whether each frame of the batch has room for all of it, so that blocks stay whole. */
  private static boolean isSmall(SampleBatch batch) {
    int series = batch.seriesCount();
    int exemplarBytes = SampleBatch.MAX_EXEMPLAR_LABEL_BYTES + 64;
    if (series == 0
        || series > FrameFormat.FULL_SERIES
        || batch.labelEnd(series - 1) > FrameFormat.FULL_LABEL_BYTES
        || batch.sampleCount() > FrameFormat.FULL_SAMPLES
        || batch.exemplars().size() > FrameFormat.FULL_EXEMPLAR_BYTES / exemplarBytes) {
      return false;
    }
    long weight = 0;
    for (int s = 0; batch.hasHistograms() && s < series; s++) {
      weight += HistogramColumn.weight(batch, s);
    }
    return weight <= FrameFormat.FULL_HISTOGRAMS_WEIGHT;
  }

  /** Whether a row may have this time. */
  public static boolean takesTime(long timeMs) {
    return timeMs >= FrameFormat.MIN_TIME_MS && timeMs <= FrameFormat.MAX_TIME_MS;
  }

  private static void checkTime(long timeMs) {
    if (!takesTime(timeMs)) {
      throw new WriteRefused(
          400,
          "a sample has the time "
              + timeMs
              + " ms, which is not within the years 0 to 9999; are these milliseconds?");
    }
  }

  /** All metadata of a tenant goes one way, so that the latest is the one applied last. */
  private static int metadataShard(TenantId tenant, Sharding sharding) {
    byte[] key = tenant.value().getBytes(StandardCharsets.UTF_8);
    return sharding.shardOf(new Fingerprint(sharding.key0(), sharding.key1()).hash64(key));
  }

  /** Fills {@link #order} with the series shard by shard; gives where each shard ends. */
  private int[] orderByShard(int series, int shardCount) {
    if (order.length < series) {
      order = new int[Math.max(series, order.length * 2)];
    }
    int[] ends = new int[shardCount];
    for (int s = 0; s < series; s++) {
      ends[tokens.shards[s]]++;
    }
    int total = 0;
    for (int shard = 0; shard < shardCount; shard++) {
      int count = ends[shard];
      ends[shard] = total;
      total += count;
    }
    for (int s = 0; s < series; s++) {
      order[ends[tokens.shards[s]]++] = s;
    }
    return ends;
  }

  /** Where a frame that begins at {@code start} has enough. */
  private int fullAt(SampleBatch batch, FrameExemplars ownExemplars, int start, int end) {
    int labelBytes = 0;
    int samples = 0;
    long histogramsWeight = 0;
    long exemplarBytes = 0;
    for (int i = start; i < end; i++) {
      int s = order[i];
      labelBytes += batch.labelEnd(s) - batch.labelStart(s);
      int own = batch.sampleEnd(s) - batch.sampleStart(s);
      checkSeries(own, FrameFormat.MAX_SAMPLES, "samples");
      samples += own;
      if (batch.hasHistograms()) {
        long weight = HistogramColumn.weight(batch, s);
        checkSeries(weight, FrameFormat.FULL_HISTOGRAMS_WEIGHT, "histogram buckets");
        histogramsWeight += weight;
      }
      if (!batch.exemplars().isEmpty()) {
        long bytes = ownExemplars.bytes(s);
        checkSeries(bytes, FrameFormat.FULL_EXEMPLAR_BYTES, "bytes of exemplars");
        exemplarBytes += bytes;
      }
      if (i > start
          && (labelBytes > FrameFormat.FULL_LABEL_BYTES
              || samples > FrameFormat.FULL_SAMPLES
              || histogramsWeight > FrameFormat.FULL_HISTOGRAMS_WEIGHT
              || exemplarBytes > FrameFormat.FULL_EXEMPLAR_BYTES
              || i - start >= FrameFormat.FULL_SERIES)) {
        return i;
      }
    }
    return end;
  }

  private static void checkSeries(long has, int limit, String what) {
    if (has > limit) {
      throw new WriteRefused(
          413,
          "one series has "
              + has
              + " "
              + what
              + " in a request, the limit is "
              + limit
              + "; send it in several requests");
    }
  }

  private Frame frame(
      SampleBatch batch,
      TenantId tenant,
      int shard,
      int[] series,
      List<FrameRows.Stretch> stretches,
      FrameExemplars ownExemplars,
      boolean withMetadata) {
    beginFrame();
    FrameTimes frameTimes = new FrameTimes(batch, series);
    List<Frame.Repeated> repeated = new ArrayList<>(stretches.size());
    int labelBytes = 0;
    if (stretches.isEmpty()) {
      labelBytes = labels.write(batch, series, 0, series.length);
    } else {
      sections(batch, series, stretches, repeated);
    }
    frameTimes.write(counts, times);
    for (int s : series) {
      putValues(batch, s);
    }
    if (batch.hasHistograms()) {
      HistogramColumn.write(batch, series, histograms);
    }
    if (batch.hasStarts()) {
      writeStarts(batch, series);
    }
    List<SampleBatch.ExemplarRow> exemplarRows = ownExemplars.write(series, exemplars);
    long minTimeMs = frameTimes.minTimeMs();
    long maxTimeMs = frameTimes.maxTimeMs();
    for (SampleBatch.ExemplarRow row : exemplarRows) {
      minTimeMs = Math.min(minTimeMs, row.exemplar().timeMs());
      maxTimeMs = Math.max(maxTimeMs, row.exemplar().timeMs());
    }
    int metadataRows = 0;
    if (withMetadata) {
      metadataRows = batch.metadata().size();
      for (SampleBatch.MetadataRow row : batch.metadata()) {
        metadata.zigzag(row.timeMs());
        putText(row.metric());
        putText(row.metadata().type());
        putText(row.metadata().help());
        putText(row.metadata().unit());
        minTimeMs = Math.min(minTimeMs, row.timeMs());
        maxTimeMs = Math.max(maxTimeMs, row.timeMs());
      }
      if (metadata.size > FrameFormat.MAX_METADATA_BYTES) {
        throw new WriteRefused(
            413,
            "a request has "
                + metadata.size
                + " bytes of metadata, the limit is "
                + FrameFormat.MAX_METADATA_BYTES);
      }
    }
    return new Frame(
        tenant,
        Signal.METRICS,
        Frame.Kind.ROWS,
        shard,
        frameTimes.samples() + exemplarRows.size() + metadataRows,
        minTimeMs,
        maxTimeMs,
        assemble(series.length, labelBytes, !stretches.isEmpty(), frameTimes, metadataRows),
        payload.size,
        new FrameRows(batch, series, series.length, withMetadata, exemplarRows, stretches),
        repeated);
  }

  private void putValues(SampleBatch batch, int series) {
    int sampleEnd = batch.sampleEnd(series);
    for (int i = batch.sampleStart(series); i < sampleEnd; i++) {
      ValueCode.put(batch.value(i), tags, values);
    }
  }

  private void sections(
      SampleBatch batch,
      int[] series,
      List<FrameRows.Stretch> stretches,
      List<Frame.Repeated> repeated) {
    for (FrameRows.Stretch stretch : stretches) {
      LabelBlock block = stretch.block();
      if (block == null) {
        labels.putSection(payload, batch, series, stretch.from(), stretch.to());
      } else {
        repeated.add(new Frame.Repeated(payload.size, block.section()));
        payload.put(block.section().bytes(), 0, block.section().length());
      }
    }
  }

  /** Stays empty when none of these samples has one. */
  private void writeStarts(SampleBatch batch, int[] series) {
    long before = 0;
    boolean any = false;
    for (int s : series) {
      for (int i = batch.sampleStart(s); i < batch.sampleEnd(s); i++) {
        long start = batch.startMs(i);
        starts.zigzag(start - before);
        before = start;
        any |= start != 0;
      }
    }
    if (!any) {
      starts.clear();
    }
  }

  private void beginFrame() {
    counts.clear();
    times.clear();
    tags.clear();
    values.clear();
    histograms.clear();
    starts.clear();
    exemplars.clear();
    metadata.clear();
    payload.clear();
  }

  /** With sections these have told of the series already, and stand in the payload. */
  private byte[] assemble(
      int series, int labelBytes, boolean sections, FrameTimes frameTimes, int metadataRows) {
    structure.clear();
    if (!sections) {
      structure.varint(series);
    }
    structure.varint(frameTimes.samples());
    if (!sections) {
      structure.varint(labelBytes);
    }
    structure.varint(metadataRows);
    int columns =
        (histograms.size > 0 ? FrameFormat.HAS_HISTOGRAMS : 0)
            | (starts.size > 0 ? FrameFormat.HAS_STARTS : 0)
            | (exemplars.size > 0 ? FrameFormat.HAS_EXEMPLARS : 0);
    structure.varint(frameTimes.flags() | columns);
    if (!sections) {
      structure.varint(labels.text.size);
      structure.varint(labels.sets.size);
    }
    structure.varint(counts.size);
    structure.varint(times.size);
    for (ByteColumn column : new ByteColumn[] {histograms, starts, exemplars}) {
      if (column.size > 0) {
        structure.varint(column.size);
      }
    }
    if (!sections) {
      structure.put(labels.text);
      structure.put(labels.sets);
    }
    structure.put(counts);
    structure.put(times);
    structure.put(tags);
    structure.put(histograms);
    structure.put(starts);
    structure.put(exemplars);
    structure.put(metadata);

    int version = columns == 0 ? FrameFormat.VERSION : FrameFormat.VERSION_WITH_COLUMNS;
    payload.put(sections ? FrameFormat.AFTER_SECTIONS : version);
    payload.varint(structure.size);
    payload.put(structure);
    payload.put(values);
    return Arrays.copyOf(payload.bytes, payload.size);
  }

  private void putText(String value) {
    metadata.text(value.getBytes(StandardCharsets.UTF_8));
  }
}
