// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import io.skopos.metrics.tsdb.chunk.AggregateChunk.Aggregate;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open block: its series one after the other, in memory bounded by the largest chunk and entry.
 * Not thread-safe.
 */
public final class Block implements Closeable {

  private final BlockMeta meta;
  private final BlockIndex index;
  private final ChunkFiles chunks;
  private final Tombstones tombstones;
  private final ChunkSamples samples;

  /** Goes through a block. */
  public interface Visitor {

    void series(SeriesSamples series) throws IOException;

    /** What cannot be read, or cannot be right; the rest goes on. */
    void problem(String problem);
  }

  private Block(BlockMeta meta, BlockIndex index, ChunkFiles chunks, Tombstones tombstones) {
    this.meta = meta;
    this.index = index;
    this.chunks = chunks;
    this.tombstones = tombstones;
    this.samples = new ChunkSamples(chunks, meta.isDownsampled());
  }

  /**
   * @throws DamagedBlock when meta.json, the index's head or the tombstones are damaged
   */
  public static Block open(Path folder) throws IOException {
    return open(new FolderFiles(folder));
  }

  /**
   * @throws DamagedBlock when meta.json, the index's head or the tombstones are damaged
   */
  public static Block open(BlockFiles files) throws IOException {
    BlockMeta meta = BlockMeta.read(files);
    Tombstones tombstones = Tombstones.read(files);
    ChunkFiles chunks = new ChunkFiles(files, PositionalFile.WINDOW);
    return new Block(meta, BlockIndex.open(files), chunks, tombstones);
  }

  public BlockMeta meta() {
    return meta;
  }

  /** Visits all series in the order of the index. */
  public void series(Visitor visitor) throws IOException {
    index.series(
        new BlockIndex.Visitor() {
          private @Nullable Labels before;

          @Override
          public void series(long reference, Labels labels, List<ChunkRef> refs)
              throws IOException {
            if (before != null && before.compareTo(labels) >= 0) {
              visitor.problem(index.name() + ": the series " + labels + " stands behind " + before);
            }
            before = labels;
            checkOrder(labels, refs, visitor);
            visitor.series(new StoredSeries(labels, refs, tombstones.of(reference), visitor));
          }

          @Override
          public void damaged(DamagedBlock problem) {
            visitor.problem(String.valueOf(problem.getMessage()));
          }
        });
  }

  private void checkOrder(Labels labels, List<ChunkRef> refs, Visitor visitor) {
    for (int i = 0; i < refs.size(); i++) {
      ChunkRef chunk = refs.get(i);
      String problem = null;
      if (chunk.maxTimeMs() < chunk.minTimeMs()) {
        problem = "ends at " + chunk.maxTimeMs() + ", before it begins at " + chunk.minTimeMs();
      } else if (i > 0 && chunk.minTimeMs() <= refs.get(i - 1).maxTimeMs()) {
        problem =
            "is out of order: it begins at "
                + chunk.minTimeMs()
                + ", the one before ends at "
                + refs.get(i - 1).maxTimeMs();
      } else if (chunk.minTimeMs() < meta.minTimeMs() || chunk.maxTimeMs() > meta.maxTimeMs()) {
        problem =
            "from "
                + chunk.minTimeMs()
                + " to "
                + chunk.maxTimeMs()
                + " lies outside the block, which goes from "
                + meta.minTimeMs()
                + " to "
                + meta.maxTimeMs();
      }
      if (problem != null) {
        visitor.problem(
            index.name() + ": chunk " + (i + 1) + " of the series " + labels + " " + problem);
      }
    }
  }

  private final class StoredSeries implements SeriesSamples {

    private final Labels labels;
    private final List<ChunkRef> refs;
    private final List<TimeRange> deleted;
    private final Visitor visitor;

    StoredSeries(Labels labels, List<ChunkRef> refs, List<TimeRange> deleted, Visitor visitor) {
      this.labels = labels;
      this.refs = refs;
      this.deleted = deleted;
      this.visitor = visitor;
    }

    @Override
    public Labels labels() {
      return labels;
    }

    @Override
    public List<long[]> chunkTimes() {
      return refs.stream().map(ref -> new long[] {ref.minTimeMs(), ref.maxTimeMs()}).toList();
    }

    @Override
    public void read(long fromMs, long toMs, Sink sink) throws IOException {
      chunks(null, fromMs, toMs, sink);
    }

    @Override
    public void read(Aggregate aggregate, long fromMs, long toMs, Sink sink) throws IOException {
      chunks(aggregate, fromMs, toMs, sink);
    }

    private void chunks(@Nullable Aggregate aggregate, long fromMs, long toMs, Sink sink)
        throws IOException {
      samples.read(aggregate, refs, deleted, fromMs, toMs, sink, this::lost);
    }

    @Override
    public void readBest(long fromMs, long toMs, Sink sink) throws IOException {
      samples.readBest(labels, refs, deleted, fromMs, toMs, sink, this::lost);
    }

    private void lost(DamagedBlock chunk) {
      visitor.problem(chunk.getMessage() + "; the chunk of the series " + labels + " is lost");
    }
  }

  @Override
  public void close() throws IOException {
    try {
      index.close();
    } finally {
      chunks.close();
    }
  }
}
