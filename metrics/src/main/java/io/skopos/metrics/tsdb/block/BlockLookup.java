// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * A block whose series are looked up by their labels: first {@link #select}, then the labels, then
 * the samples series by series, best in the order of the index. What will be read next is asked for
 * before, so that a block in a bucket is not fetched bit by bit. Not thread-safe.
 */
public final class BlockLookup implements Closeable {

  /** What one takes while samples are read. */
  public static final int HELD_BYTES = 24 << 10;

  private static final int ENTRY_WINDOW = 8 << 10;
  private static final int SYMBOL_WINDOW = 4 << 10;
  private static final int POSTINGS_WINDOW = 64 << 10;
  private static final int CHUNK_WINDOW = 16 << 10;
  private static final int SYMBOLS = 16 << 10;

  /** What is asked for at once, and how many of these may be on their way. */
  private static final long STRETCH = 512 << 10;

  private static final int MOST_STRETCHES = 64;
  private static final int MOST_SERIES_AHEAD = 4096;

  private final BlockFiles files;
  private final IndexHeader header;
  private final Tombstones tombstones;
  private final ChunkFiles chunks;
  private final ChunkSamples samples;
  private BlockIndex index;
  private final List<ChunkRef> refs = new ArrayList<>();

  private int[] references = {};
  private final ArrayDeque<Ahead> ahead = new ArrayDeque<>();
  private int nextAhead;
  private int stretches;
  private long lastStretch = -1;

  /** A series whose chunks are on their way. */
  private record Ahead(int number, List<ChunkRef> chunks, int stretches) {}

  private BlockLookup(
      BlockFiles files, IndexHeader header, Tombstones tombstones, boolean downsampled)
      throws IOException {
    this.files = files;
    this.header = header;
    this.tombstones = tombstones;
    this.chunks = new ChunkFiles(files, CHUNK_WINDOW);
    this.samples = new ChunkSamples(chunks, downsampled);
    this.index = index();
  }

  /**
   * @param header of this block, {@link IndexHeader#forLookups read} once and kept
   */
  public static BlockLookup open(BlockFiles files, BlockMeta meta, IndexHeader header)
      throws IOException {
    return new BlockLookup(files, header, Tombstones.read(files), meta.isDownsampled());
  }

  private BlockIndex index() throws IOException {
    return new BlockIndex(
        new PositionalFile(files.open(BlockFiles.INDEX), ENTRY_WINDOW),
        new PositionalFile(files.open(BlockFiles.INDEX), SYMBOL_WINDOW),
        header,
        SYMBOLS);
  }

  /** References of the series that fit all matchers, in the order of their labels. */
  public int[] select(List<Matcher> matchers) throws IOException {
    try (PositionalFile file = new PositionalFile(files.open(BlockFiles.INDEX), POSTINGS_WINDOW)) {
      RoaringBitmap selected = new BlockPostings(file, header).select(matchers);
      return selected.toArray();
    }
  }

  /** Whether any series has a label of this name. */
  public boolean hasName(String name) {
    PostingsTable postings = header.postings();
    return postings != null && postings.valueCount(name.getBytes(UTF_8)) > 0;
  }

  /** All label names of the block. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    PostingsTable postings = header.postings();
    if (postings != null) {
      postings.names().forEach(name -> names.add(new String(name, UTF_8)));
    }
    return names;
  }

  /** All values that a label has in the block. */
  public List<String> values(String name) throws IOException {
    List<String> values = new ArrayList<>();
    PostingsTable postings = header.postings();
    if (postings != null) {
      try (PositionalFile file =
          new PositionalFile(files.open(BlockFiles.INDEX), POSTINGS_WINDOW)) {
        postings.values(
            file, name.getBytes(UTF_8), (value, _) -> values.add(new String(value, UTF_8)));
      }
    }
    return values;
  }

  /** Gets the series one by one. */
  public interface LabelsVisitor {

    /**
     * @param number of the reference among those given
     */
    void series(int number, Labels labels);
  }

  /** Reads the labels of those of the series that have chunks touching the range. */
  public void labels(
      int[] wanted, TimeRange range, LabelsVisitor visitor, Consumer<DamagedBlock> damaged)
      throws IOException {
    int asked = 0;
    long askedTo = 0;
    for (int i = 0; i < wanted.length; i++) {
      long place = index.placeOf(Integer.toUnsignedLong(wanted[i]));
      // Some megabytes ahead, in stretches that are needed.
      while (asked < wanted.length) {
        long next = index.placeOf(Integer.toUnsignedLong(wanted[asked]));
        if (next > place + MOST_STRETCHES * STRETCH) {
          break;
        }
        if (next >= askedTo) {
          index.prefetch(next, STRETCH);
          askedTo = next + STRETCH;
        }
        asked++;
      }
      try {
        refs.clear();
        Labels labels = index.read(Integer.toUnsignedLong(wanted[i]), refs);
        if (touches(refs, range)) {
          visitor.series(i, labels);
        }
      } catch (DamagedBlock e) {
        damaged.accept(e);
      }
    }
  }

  private static boolean touches(List<ChunkRef> chunks, TimeRange range) {
    for (ChunkRef chunk : chunks) {
      if (range.overlaps(chunk.minTimeMs(), Math.max(chunk.minTimeMs(), chunk.maxTimeMs()))) {
        return true;
      }
    }
    return false;
  }

  /**
   * The series whose samples will be read, as {@link #read} names them by number. What served to
   * find them is given back.
   */
  public void begin(int[] wanted) throws IOException {
    references = wanted;
    index.close();
    index = index();
  }

  /**
   * Appends the best samples of a series in pieces, as {@link SeriesSamples#readBest}.
   *
   * @param range all that will be asked of this block, which decides what is fetched ahead
   */
  public void read(
      int number,
      Labels labels,
      TimeRange range,
      long fromMs,
      long toMs,
      SeriesSamples.Sink sink,
      Consumer<DamagedBlock> damaged)
      throws IOException {
    List<TimeRange> deleted = tombstones.of(Integer.toUnsignedLong(references[number]));
    samples.readBest(labels, chunksOf(number, range), deleted, fromMs, toMs, sink, damaged);
  }

  private List<ChunkRef> chunksOf(int number, TimeRange range) throws IOException {
    Ahead first = ahead.peek();
    while (first != null && first.number < number) {
      stretches -= first.stretches;
      ahead.poll();
      first = ahead.peek();
    }
    if (first == null || first.number != number) {
      if (first != null || nextAhead != number) {
        ahead.clear();
        stretches = 0;
        lastStretch = -1;
        nextAhead = number;
      }
      lookAhead(range);
      first = ahead.peek();
    } else if (stretches < MOST_STRETCHES / 2) {
      lookAhead(range);
    }
    // Stays: the same series may be asked for again.
    return first == null ? List.of() : first.chunks;
  }

  private void lookAhead(TimeRange range) throws IOException {
    while (nextAhead < references.length
        && ahead.size() < MOST_SERIES_AHEAD
        && (ahead.isEmpty() || stretches < MOST_STRETCHES)) {
      List<ChunkRef> own = new ArrayList<>();
      try {
        index.readChunks(Integer.toUnsignedLong(references[nextAhead]), own);
      } catch (IOException e) {
        if (ahead.isEmpty()) {
          throw e;
        }
        return; // told when it is that series' turn
      }
      own.removeIf(chunk ->
          !range.overlaps(chunk.minTimeMs(), Math.max(chunk.minTimeMs(), chunk.maxTimeMs())));
      int added = 0;
      for (ChunkRef chunk : own) {
        long stretch = chunk.reference() / STRETCH;
        if (stretch != lastStretch) {
          lastStretch = stretch;
          added++;
          chunks.prefetch(chunk.segment(), chunk.offset(), STRETCH - chunk.offset() % STRETCH);
        }
      }
      stretches += added;
      ahead.add(new Ahead(nextAhead, own, added));
      nextAhead++;
    }
  }

  @Override
  public void close() throws IOException {
    try (chunks) {
      index.close();
    }
  }
}
