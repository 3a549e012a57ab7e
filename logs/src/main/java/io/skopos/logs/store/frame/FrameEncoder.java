// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.frame;

import io.skopos.logs.store.LogBatch;
import io.skopos.model.Fingerprint;
import io.skopos.model.Labels;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import io.skopos.storage.bytes.ByteWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes frames of a batch.
 *
 * <p>A small batch becomes one frame, in the shard of its least stream: of all its streams the one
 * whose fingerprint is least. Senders send the same streams again and again, so that a stream
 * mostly meets its own shard, while a write of a few lines is not torn into as many frames as there
 * are shards. A large batch is cut by stream. Reading does not depend on which shard a stream is
 * in.
 */
public final class FrameEncoder {

  /** Batches of fewer bytes of lines stay together. */
  static final int SMALL_BATCH = 256 << 10;

  /** A frame has at most about this many bytes of lines. */
  static final int LARGEST_FRAME = 16 << 20;

  private FrameEncoder() {}

  public static List<Frame> encode(LogBatch batch, TenantId tenant, Sharding sharding) {
    int rows = batch.rows();
    if (rows == 0) {
      return List.of();
    }
    Fingerprint fingerprint = new Fingerprint(sharding.key0(), sharding.key1());
    int streams = batch.streams();
    int[] rowCounts = new int[streams];
    for (int row = 0; row < rows; row++) {
      rowCounts[batch.streamOf(row)]++;
    }
    int[] order = order(batch, rowCounts);
    int bytes = batch.lineFrom(rows - 1) + batch.lineLength(rows - 1);
    int[] shardOf = new int[streams];
    long least = -1;
    for (int stream = 0; stream < streams; stream++) {
      if (rowCounts[stream] > 0) {
        long hash = fingerprint.hash64(batch.streamLabels(stream).canonicalBytes());
        shardOf[stream] = sharding.shardOf(hash);
        if (Long.compareUnsigned(hash, least) < 0) {
          least = hash;
        }
      }
    }
    if (bytes < SMALL_BATCH) {
      // The least fingerprints all lie in the first shard: mixed, they spread again.
      int shard = sharding.shardOf(least * 0x9e3779b97f4a7c15L);
      return List.of(frame(batch, tenant, shard, order, 0, rows));
    }
    return cut(batch, tenant, sharding.shardCount(), shardOf, order, rowCounts);
  }

  /** The rows by stream, in a stream in the order they came. */
  private static int[] order(LogBatch batch, int[] rowCounts) {
    int[] next = new int[rowCounts.length];
    for (int stream = 1; stream < next.length; stream++) {
      next[stream] = next[stream - 1] + rowCounts[stream - 1];
    }
    int[] order = new int[batch.rows()];
    for (int row = 0; row < order.length; row++) {
      order[next[batch.streamOf(row)]++] = row;
    }
    return order;
  }

  private static List<Frame> cut(
      LogBatch batch, TenantId tenant, int shards, int[] shardOf, int[] order, int[] rowCounts) {
    List<Frame> frames = new ArrayList<>();
    int[] ofShard = new int[order.length];
    for (int shard = 0; shard < shards; shard++) {
      int count = 0;
      int at = 0;
      long bytes = 0;
      for (int stream = 0; stream < rowCounts.length; stream++) {
        if (shardOf[stream] != shard) {
          at += rowCounts[stream];
          continue;
        }
        for (int end = at + rowCounts[stream]; at < end; at++) {
          int length = batch.lineLength(order[at]);
          if (count > 0 && bytes + length > LARGEST_FRAME) {
            frames.add(frame(batch, tenant, shard, ofShard, 0, count));
            count = 0;
            bytes = 0;
          }
          ofShard[count++] = order[at];
          bytes += length;
        }
      }
      if (count > 0) {
        frames.add(frame(batch, tenant, shard, ofShard, 0, count));
      }
    }
    return frames;
  }

  /**
   * @param order rows of the batch, by stream
   */
  private static Frame frame(
      LogBatch batch, TenantId tenant, int shard, int[] order, int from, int to) {
    int rows = to - from;
    long[] times = new long[rows];
    int[] lineEnds = new int[rows];
    int[] metadata = new int[0];
    Map<Labels, Integer> sets = new HashMap<>();
    List<Labels> streams = new ArrayList<>();
    int[] streamEnds = new int[Math.min(rows, batch.streams())];
    int stream = -1;
    int bytes = 0;
    long minTime = Long.MAX_VALUE;
    long maxTime = Long.MIN_VALUE;
    for (int i = 0; i < rows; i++) {
      int row = order[from + i];
      if (batch.streamOf(row) != stream) {
        stream = batch.streamOf(row);
        streams.add(batch.streamLabels(stream));
      }
      streamEnds[streams.size() - 1] = i + 1;
      long time = batch.timeNs(row);
      times[i] = time;
      minTime = Math.min(minTime, time);
      maxTime = Math.max(maxTime, time);
      bytes += batch.lineLength(row);
      lineEnds[i] = bytes;
      Labels set = batch.metadata(row);
      if (!set.isEmpty()) {
        if (metadata.length == 0) {
          metadata = new int[rows];
        }
        Integer number = sets.putIfAbsent(set, sets.size() + 1);
        metadata[i] = number == null ? sets.size() : number;
      }
    }
    Labels[] metadataSets = new Labels[sets.size()];
    sets.forEach((set, number) -> metadataSets[number - 1] = set);
    FrameRows columns =
        new FrameRows(
            streams.toArray(Labels[]::new),
            Arrays.copyOf(streamEnds, streams.size()),
            times,
            lineEnds,
            new byte[0],
            0,
            metadataSets,
            metadata);
    ByteWriter out = new ByteWriter(bytes + 64 + rows * 12 + streams.size() * 160);
    FrameCodec.encodeColumns(columns, out);
    int linesFrom = out.size;
    out.ensure(bytes);
    byte[] lines = batch.lineBytes();
    for (int i = 0; i < rows; ) {
      // Rows that stand together are copied together.
      int first = order[from + i];
      int count = 1;
      while (i + count < rows && order[from + i + count] == first + count) {
        count++;
      }
      int last = first + count - 1;
      int start = batch.lineFrom(first);
      out.put(lines, start, batch.lineFrom(last) + batch.lineLength(last) - start);
      i += count;
    }
    FrameRows decoded =
        new FrameRows(
            columns.streams(),
            columns.streamEnds(),
            times,
            lineEnds,
            out.bytes,
            linesFrom,
            metadataSets,
            metadata);
    return new Frame(
        tenant,
        Signal.LOGS,
        Frame.Kind.ROWS,
        shard,
        rows,
        Math.floorDiv(minTime, 1_000_000L),
        Math.floorDiv(maxTime, 1_000_000L),
        out.bytes,
        out.size,
        decoded);
  }
}
