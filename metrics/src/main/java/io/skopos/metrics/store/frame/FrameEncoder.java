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
import org.jspecify.annotations.Nullable;

/**
 * Splits a batch by shard and encodes each shard's rows as frames. Series that came one after the
 * other before are known as a block, with their shard and their labels encoded. Encoders keep their
 * buffers and are shared out to the calling threads; there are at most as many idle ones as cores.
 */
public final class FrameEncoder {

  private static final ArrayBlockingQueue<FrameEncoder> IDLE =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  /** Fewer series are not worth a block. */
  private static final int MIN_BLOCK = 8;

  private static final int MAX_BLOCK = 1024;

  /** Behind so many series, one of {@link #CUT} on average ends a block, always the same ones. */
  private static final int MIN_CUT = 64;

  private static final int CUT = 256;

  private static final long MAX_BLOCKS_BYTES = 64 << 20;

  private static final LabelBlocks BLOCKS =
      new LabelBlocks(Math.min(MAX_BLOCKS_BYTES, Runtime.getRuntime().maxMemory() / 32));

  private final LabelTokens tokens = new LabelTokens();

  /** At the index of its first series each block of the batch that is known. */
  private @Nullable LabelBlock[] blocks = new @Nullable LabelBlock[64];

  private final ByteColumn text = new ByteColumn(8192);
  private final ByteColumn sets = new ByteColumn(4096);
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

  // Numbers inside the frame being built; valid where the stamp is the frame's.
  private int stamp;
  private int[] pairStamp = new int[256];
  private int[] pairNumber = new int[256];
  private int[] nameStamp = new int[64];
  private int[] nameNumber = new int[64];

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
    if (blocks.length < series) {
      blocks = new @Nullable LabelBlock[Math.max(series, blocks.length * 2)];
    }
    boolean small = isSmall(batch);
    if (small) {
      findBlocks(batch, tenant, sharding);
    }
    tokens.read(batch, tenant, sharding, blocks);
    if (pairStamp.length < tokens.pairCount) {
      pairStamp = new int[tokens.pairStart.length];
      pairNumber = new int[tokens.pairStart.length];
    }
    if (nameStamp.length < tokens.nameCount) {
      nameStamp = new int[tokens.namePair.length];
      nameNumber = new int[tokens.namePair.length];
    }
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
            small ? stretches(batch, tenant, sharding, shard, own) : List.of();
        Frame frame = frame(batch, tenant, shard, own, stretches, ownExemplars, metadataDue);
        if (frame.rows() > 0) {
          frames.add(frame);
        }
        start = until;
        metadataDue = false;
      }
    }
    Arrays.fill(blocks, 0, series, null);
    return frames;
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

  private void findBlocks(SampleBatch batch, TenantId tenant, Sharding sharding) {
    int s = 0;
    while (s < batch.seriesCount()) {
      LabelBlock block = BLOCKS.find(batch, s, tenant, sharding);
      blocks[s] = block;
      s += block == null ? 1 : block.size();
    }
  }

  /** Bytes held by blocks of series that came one after the other. */
  public static long blockBytes() {
    return BLOCKS.bytes();
  }

  public static long blocksFound() {
    return BLOCKS.found();
  }

  public static long blocksMade() {
    return BLOCKS.made();
  }

  /** The series as blocks, those known and those made now, and others; empty without any block. */
  private List<FrameRows.Stretch> stretches(
      SampleBatch batch, TenantId tenant, Sharding sharding, int shard, int[] series) {
    List<FrameRows.Stretch> stretches = new ArrayList<>();
    boolean any = false;
    int from = 0;
    int otherFrom = 0;
    while (from < series.length) {
      LabelBlock block = blocks[series[from]];
      int to;
      if (block != null) {
        to = from + block.size();
      } else {
        to = runEnd(batch, series, from);
        block = newBlock(batch, tenant, sharding, shard, series, from, to);
      }
      if (block != null) {
        if (otherFrom < from) {
          stretches.add(new FrameRows.Stretch(otherFrom, from, null));
        }
        stretches.add(new FrameRows.Stretch(from, to, block));
        otherFrom = to;
        any = true;
      }
      from = to;
    }
    if (!any) {
      return List.of();
    }
    if (otherFrom < series.length) {
      stretches.add(new FrameRows.Stretch(otherFrom, series.length, null));
    }
    return stretches;
  }

  /** Where series that follow each other in the batch and are in no known block should end. */
  private int runEnd(SampleBatch batch, int[] series, int from) {
    int most = Math.min(series.length, from + MAX_BLOCK);
    int to = from;
    do {
      boolean cut = to - from >= MIN_CUT && (batch.hash(series[to]) & CUT - 1) == 0;
      to++;
      if (cut) {
        break;
      }
    } while (to < most && series[to] == series[to - 1] + 1 && blocks[series[to]] == null);
    return to;
  }

  private @Nullable LabelBlock newBlock(
      SampleBatch batch,
      TenantId tenant,
      Sharding sharding,
      int shard,
      int[] series,
      int from,
      int to) {
    int first = series[from];
    int behind = first + to - from;
    if (to - from < MIN_BLOCK || !BLOCKS.cameBefore(batch, first, behind, tenant)) {
      return null;
    }
    payload.clear();
    putSection(batch, series, from, to);
    byte[] section = Arrays.copyOf(payload.bytes, payload.size);
    LabelBlock block = new LabelBlock(batch, first, behind, tenant, sharding, shard, section);
    BLOCKS.add(block);
    return block;
  }

  /** Adds the series' labels to the payload, with a dictionary of their own. */
  private void putSection(SampleBatch batch, int[] series, int from, int to) {
    beginDictionary();
    int labelBytes = labelSets(batch, series, from, to);
    structure.clear();
    structure.varint(to - from);
    structure.varint(labelBytes);
    structure.varint(text.size);
    structure.put(text);
    structure.put(sets);
    payload.put(FrameFormat.LABEL_SECTION);
    payload.varint(structure.size);
    payload.put(structure);
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
      beginDictionary();
      labelBytes = labelSets(batch, series, 0, series.length);
    } else {
      sections(batch, series, stretches, repeated);
    }
    frameTimes.write(counts, times);
    for (int s : series) {
      int sampleEnd = batch.sampleEnd(s);
      for (int i = batch.sampleStart(s); i < sampleEnd; i++) {
        ValueCode.put(batch.value(i), tags, values);
      }
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

  private void sections(
      SampleBatch batch,
      int[] series,
      List<FrameRows.Stretch> stretches,
      List<Frame.Repeated> repeated) {
    for (FrameRows.Stretch stretch : stretches) {
      LabelBlock block = stretch.block();
      if (block == null) {
        putSection(batch, series, stretch.from(), stretch.to());
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

  private void beginDictionary() {
    text.clear();
    sets.clear();
    if (++stamp == 0) {
      Arrays.fill(pairStamp, 0);
      Arrays.fill(nameStamp, 0);
      stamp = 1;
    }
  }

  /**
   * Each set: its size, a bit per place that says "as the set before", and a number for each other
   * pair: 0 for one not seen yet, whose text follows in the dictionary.
   *
   * @return the label bytes of these series
   */
  private int labelSets(SampleBatch batch, int[] series, int first, int behind) {
    int labelBytes = 0;
    int nextPair = 0;
    int nextName = 0;
    int before = 0;
    int beforeEnd = 0;
    byte[] labels = batch.labelBytes();
    int[] all = tokens.tokens;
    for (int at = first; at < behind; at++) {
      int s = series[at];
      labelBytes += batch.labelEnd(s) - batch.labelStart(s);
      int from = s == 0 ? 0 : tokens.tokenEnds[s - 1];
      int to = tokens.tokenEnds[s];
      int size = to - from;
      sets.varint(size);
      int shared = Math.min(size, beforeEnd - before);
      sets.ensure((shared + 7) / 8);
      for (int group = 0; group < shared; group += 8) {
        int bits = 0;
        for (int i = group; i < Math.min(shared, group + 8); i++) {
          if (all[before + i] == all[from + i]) {
            bits |= 1 << (i - group);
          }
        }
        sets.bytes[sets.size++] = (byte) bits;
      }
      for (int i = 0; i < size; i++) {
        int token = all[from + i];
        if (i < shared && all[before + i] == token) {
          continue;
        }
        if (pairStamp[token] == stamp) {
          sets.varint(pairNumber[token] + 1);
          continue;
        }
        pairStamp[token] = stamp;
        pairNumber[token] = nextPair++;
        sets.put(0);
        int name = tokens.pairName[token];
        if (nameStamp[name] == stamp) {
          text.varint(nameNumber[name] + 1);
        } else {
          nameStamp[name] = stamp;
          nameNumber[name] = nextName++;
          text.put(0);
          text.put(
              labels, tokens.pairStart[token], tokens.pairValue[token] - tokens.pairStart[token]);
        }
        text.put(labels, tokens.pairValue[token], tokens.pairEnd[token] - tokens.pairValue[token]);
      }
      before = from;
      beforeEnd = to;
    }
    return labelBytes;
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
      structure.varint(text.size);
      structure.varint(sets.size);
    }
    structure.varint(counts.size);
    structure.varint(times.size);
    for (ByteColumn column : new ByteColumn[] {histograms, starts, exemplars}) {
      if (column.size > 0) {
        structure.varint(column.size);
      }
    }
    if (!sections) {
      structure.put(text);
      structure.put(sets);
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
