// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleAggregates;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource.AggregatesTest;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.storage.Deletion;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.index.LabelIndex;
import io.skopos.storage.index.LabelSelection;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.part.DamagedPart;
import io.skopos.storage.part.PageList;
import io.skopos.storage.part.PageReadAhead;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.Parts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * An open metrics part. Thread-safe; holds the footer's directory on the heap, everything else is
 * read through the page cache. Series are ordinals in label order. Every method that reads may
 * throw {@link DamagedPart}; series of other pages stay readable.
 */
public final class MetricsPart implements Parts.Opened {

  /** Columns of times are shared by series in ways only the chunks know; few bytes come whole. */
  private static final long TIMES_READ_AHEAD = 4L << 20;

  private final PartReader reader;
  private final PartFooter footer;
  private final LabelAnswers labelAnswers = new LabelAnswers();

  private MetricsPart(PartReader reader, PartFooter footer) {
    this.reader = reader;
    this.footer = footer;
  }

  /**
   * For {@link Parts#opened}: {@code parts.opened(tenant, signal, day, entry, MetricsPart::open)}.
   */
  public static MetricsPart open(PartReader reader) throws IOException {
    try {
      return new MetricsPart(reader, new PartFooter(reader));
    } catch (DamagedBytes e) {
      PartEntry entry = reader.entry();
      DamagedPart damaged =
          new DamagedPart(
              "footer of the part in "
                  + entry.object()
                  + " at byte "
                  + entry.offset()
                  + ": "
                  + e.getMessage(),
              List.of(entry));
      damaged.initCause(e);
      throw damaged;
    }
  }

  public PartEntry entry() {
    return reader.entry();
  }

  /** Every page of the part, for those that check them. */
  public List<PageRef> pages() {
    List<PageRef> pages = new ArrayList<>();
    footer.labels.addPages(pages);
    footer.times.addTo(pages);
    footer.values.addTo(pages);
    footer.ranges.addPages(pages);
    for (PageList list :
        Arrays.asList(
            footer.histograms,
            footer.aggregates,
            footer.metadata,
            footer.exemplars,
            footer.starts)) {
      if (list != null) {
        list.addTo(pages);
      }
    }
    return pages;
  }

  public int seriesCount() {
    return footer.seriesCount;
  }

  public long sampleCount() {
    return footer.sampleCount;
  }

  public long chunkCount() {
    return footer.chunkCount;
  }

  /** What each series takes on disk, estimated from the sizes of pages. */
  public SeriesBytes seriesBytes() {
    return new SeriesBytes(footer.values, footer.seriesCount, reader.entry().length());
  }

  /** Names, values and counts from postings; see {@link LabelSelection}. */
  public LabelIndex labelIndex() {
    return footer.labels;
  }

  /**
   * The series that fit all matchers and whose first to last sample touch the range. The bitmap is
   * the caller's.
   */
  public RoaringBitmap select(List<Matcher> matchers, TimeRange range) throws IOException {
    return select(matchers, List.of(), range);
  }

  /** The series of which the deletion may hide samples. */
  public RoaringBitmap select(Deletion deletion) throws IOException {
    return select(deletion.matchers(), deletion.spared(), deletion.range());
  }

  private RoaringBitmap select(List<Matcher> matchers, List<List<Matcher>> spared, TimeRange range)
      throws IOException {
    PartEntry entry = reader.entry();
    if (!range.overlaps(entry.minTimeMs(), entry.maxTimeMs())) {
      return new RoaringBitmap();
    }
    RoaringBitmap fitting = LabelSelection.select(footer.labels, matchers, spared);
    if (range.contains(entry.minTimeMs()) && range.contains(entry.maxTimeMs())) {
      return fitting;
    }
    return footer.ranges.touching(reader, fitting, range);
  }

  /**
   * Which of the distinct ranges of its series lie outside of this one: the same ones mean the same
   * series are selected. Null when there are too many to tell.
   */
  public @Nullable BitSet notTouching(TimeRange range) throws IOException {
    return footer.ranges.notTouching(reader, range);
  }

  /** Answers that stay true as long as the part is there. */
  public LabelAnswers labelAnswers() {
    return labelAnswers;
  }

  /** Whether reading may take the time of requests over the network. */
  public boolean isRemote() {
    return reader.isRemote();
  }

  /** Has what a selection needs on its way. */
  public void readAheadIndex() {
    PageReadAhead ahead = new PageReadAhead(reader);
    footer.labels.readAhead(ahead);
    ahead.start();
  }

  /** Has what reading these series, which ascend, needs on its way. */
  public void readAhead(int[] ordinals) {
    PageReadAhead ahead = new PageReadAhead(reader);
    footer.labels.readAhead(ordinals, ahead);
    for (int ordinal : ordinals) {
      long key = (long) ordinal << 1;
      int last = footer.values.pageOf(key | 1);
      for (int page = footer.values.pageOf(key); page <= last && !ahead.isFull(); page++) {
        ahead.add(footer.values, page);
      }
    }
    ahead.addSmall(footer.times, TIMES_READ_AHEAD);
    ahead.start();
  }

  public boolean hasExemplars() {
    return footer.exemplars != null;
  }

  /** What the part knows about metric families. */
  public void metadata(BiConsumer<String, MetricMetadata> visitor) throws IOException {
    if (footer.metadata != null) {
      MetadataPages.read(reader, footer.metadata, visitor);
    }
  }

  /** A reader of series; cheap to make. */
  public Scan scan() {
    return new PartScan(reader, footer);
  }

  /** As {@link #scan}, for the merger, which sees chunks. */
  PartScan chunks() {
    return new PartScan(reader, footer);
  }

  PartFooter footer() {
    return footer;
  }

  @Override
  public long heapBytes() {
    return footer.heapBytes() + LabelAnswers.heapBytes(footer.seriesCount);
  }

  /**
   * Reads series, fastest in ascending order: it keeps the page and the timestamps read last. Not
   * thread-safe. Close it on every path: it pins at most a few pages.
   */
  public interface Scan extends AutoCloseable {

    Labels labels(int ordinal) throws IOException;

    /** From the first to the last sample or exemplar of the series. */
    TimeRange range(int ordinal) throws IOException;

    /**
     * Appends the samples between both times, inclusive, with their histograms and starts; times
     * strictly ascend.
     */
    void read(int ordinal, long fromMs, long toMs, SampleBuffer into) throws IOException;

    /**
     * As {@link #read} for those who ask when there are samples, not what they are: values may be
     * anything but stale markers, unless they are. Histograms come whole.
     */
    void readTimes(int ordinal, long fromMs, long toMs, SampleBuffer into) throws IOException;

    /**
     * As {@link #read}, but spans of samples that lie between both times, have aggregates and fit
     * are given to {@code whole} instead, in turn with the samples: what was appended to {@code
     * into} before a call to {@code whole} is earlier than that span.
     */
    void readAggregated(
        int ordinal,
        long fromMs,
        long toMs,
        AggregatesTest fits,
        SampleBuffer into,
        Consumer<SampleAggregates> whole)
        throws IOException;

    /** The exemplars of these series within the range, by series and time. */
    void exemplars(RoaringBitmap ordinals, TimeRange range, ObjIntConsumer<Exemplar> visitor)
        throws IOException;

    @Override
    void close();
  }
}
