// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.tsdb.block.AggregateName;
import io.skopos.metrics.tsdb.block.Block;
import io.skopos.metrics.tsdb.block.BlockFiles;
import io.skopos.metrics.tsdb.block.BlockMeta;
import io.skopos.metrics.tsdb.block.SeriesSamples;
import io.skopos.metrics.tsdb.block.TimeRanges;
import io.skopos.metrics.tsdb.chunk.AggregateChunk.Aggregate;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.TimeRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pushes blocks into a server by remote write.
 *
 * <p>Of the same time raw samples are preferred to those of 5 minutes, and these to those of an
 * hour: blocks of one source (folder and external labels) are taken in that order, and a
 * downsampled one fills only the times that no finer one covers. There a counter (by its name:
 * {@code _total}, {@code _count}, {@code _sum}, {@code _bucket}) gets Thanos' counter aggregate,
 * anything else the mean of each window. Aggregates asked for become series of their own, for all
 * the times they are there ({@link AggregateName}).
 */
public final class BlockImport {

  private final ServerSession session;
  private final ImportOptions options;
  private final Progress progress;
  private final Problems problems;
  private final WriteSender sender;
  private final WriteRequest request = new WriteRequest();
  private final ImportVerification verification;
  private @Nullable StateFile state;

  // Of the block at work.
  private int blockNumber;
  private long seriesRead;
  private long seriesSkipped;

  private record Source(BlockFiles files, BlockMeta meta) {}

  private record Origin(String place, Map<String, String> externalLabels) {}

  public BlockImport(
      ServerSession session, ImportOptions options, Progress progress, Problems problems) {
    this.session = session;
    this.options = options;
    this.progress = progress;
    this.problems = problems;
    sender =
        new WriteSender(
            session, "/api/v1/write", options.patience(), options.samplesPerSecond(), problems);
    verification = new ImportVerification(session, problems);
  }

  private String identity(List<Source> sources) {
    return "import of "
        + sources.stream().map(one -> one.meta.ulid()).toList()
        + " to "
        + session.url()
        + " tenant "
        + session.tenant()
        + " options "
        + options.range()
        + options.labels()
        + options.aggregates()
        + options.externalLabels();
  }

  /** What was moved. */
  public record Result(int blocks, long series, long samples, double seconds, boolean resumed) {}

  public Result run(List<? extends BlockFiles> blocks) throws InterruptedException, IOException {
    List<Source> sources = sources(blocks);
    StateFile known = options.dryRun() ? null : new StateFile(options.state(), identity(sources));
    state = known;
    boolean resumed = known != null && known.isResumed();
    int firstBlock = known == null ? 0 : (int) known.number("block");
    long total = Math.max(1, sources.stream().mapToLong(one -> one.files.bytes()).sum());
    long before = 0;
    Map<Origin, TimeRanges> covered = new HashMap<>();
    for (int i = 0; i < sources.size(); i++) {
      Source source = sources.get(i);
      TimeRange whole =
          new TimeRange(
              source.meta.minTimeMs(),
              Math.max(source.meta.minTimeMs(), source.meta.maxTimeMs() - 1));
      Origin origin = new Origin(source.files.place(), source.meta.externalLabels());
      TimeRanges times = covered.computeIfAbsent(origin, _ -> new TimeRanges());
      List<TimeRange> wanted =
          source.meta.isDownsampled() ? times.missing(whole) : List.of(TimeRange.ALL);
      times.add(whole);
      blockNumber = i;
      if (i < firstBlock) {
        before += source.files.bytes();
        progress.startAt((double) before / total);
        continue;
      }
      seriesRead = 0;
      seriesSkipped = i == firstBlock && known != null ? known.number("series") : 0;
      double start = (double) before / total;
      block(source, wanted, start, (double) source.files.bytes() / total, i + "/" + sources.size());
      before += source.files.bytes();
      saveNow(i + 1, 0);
    }
    progress.finish();
    if (known != null) {
      known.delete();
    }
    return new Result(
        sources.size(), progress.series(), progress.samples(), progress.seconds(), resumed);
  }

  private List<Source> sources(List<? extends BlockFiles> blocks) {
    List<Source> sources = new ArrayList<>();
    for (BlockFiles files : blocks) {
      try {
        BlockMeta meta = BlockMeta.read(files);
        if (options.range().overlaps(meta.minTimeMs(), meta.maxTimeMs())) {
          sources.add(new Source(files, meta));
        }
      } catch (IOException e) {
        problems.add(e.getMessage() + "; the block is passed over");
      }
    }
    sources.sort(
        Comparator.<Source>comparingLong(one -> one.meta.resolutionMs())
            .thenComparingLong(one -> one.meta.minTimeMs())
            .thenComparing(one -> one.files.name()));
    return sources;
  }

  private void block(
      Source source, List<TimeRange> wanted, double start, double share, String position)
      throws InterruptedException, IOException {
    String what = "block " + position + " " + source.meta.ulid();
    try (Block block = Block.open(source.files)) {
      verification.begin();
      block.series(
          new Block.Visitor() {
            @Override
            public void series(SeriesSamples series) throws IOException {
              seriesRead++;
              if (seriesRead > seriesSkipped) {
                BlockImport.this.series(source.meta, wanted, series);
              }
              double within =
                  source.meta.series() > 0 ? (double) seriesRead / source.meta.series() : 0;
              progress.at(what, start + share * Math.min(1, within));
            }

            @Override
            public void problem(String problem) {
              problems.add(problem);
            }
          });
      flush();
      if (options.verify() && !options.dryRun()) {
        verification.check(source.meta.ulid());
      }
    } catch (Interrupted e) {
      throw e.cause;
    } catch (IOException e) {
      problems.add(e.getMessage() + "; the rest of the block is passed over");
      flush();
    }
  }

  private void series(BlockMeta meta, List<TimeRange> wanted, SeriesSamples series)
      throws IOException {
    Labels labels = labels(meta, series.labels());
    if (!options.filter().accepts(labels)) {
      return;
    }
    progress.add(1, 0);
    if (!meta.isDownsampled()) {
      series.read(
          options.range().fromMs(), options.range().toMs(), samples -> add(labels, samples));
      return;
    }
    for (TimeRange range : wanted) {
      long from = Math.max(range.fromMs(), options.range().fromMs());
      long to = Math.min(range.toMs(), options.range().toMs());
      if (from <= to) {
        series.readBest(from, to, samples -> add(labels, samples));
      }
    }
    for (Aggregate aggregate : Aggregate.values()) {
      if (options.aggregates().contains(aggregate)) {
        Labels name = AggregateName.of(labels, meta.resolutionMs(), aggregate);
        series.read(
            aggregate,
            options.range().fromMs(),
            options.range().toMs(),
            samples -> add(name, samples));
      }
    }
  }

  private Labels labels(BlockMeta meta, Labels inBlock) {
    if (options.labels().isEmpty()
        && (meta.externalLabels().isEmpty() || !options.externalLabels())) {
      return inBlock;
    }
    LabelsBuilder labels = new LabelsBuilder(inBlock);
    if (options.externalLabels()) {
      meta.externalLabels()
          .forEach((name, value) -> {
            // Mimir's own ones are no business of a series.
            if (!name.startsWith("__") && labels.get(name) == null) {
              labels.set(name, value);
            }
          });
    }
    options.labels().forEach(labels::set);
    return labels.build();
  }

  private void add(Labels labels, SampleBuffer samples) {
    progress.add(0, samples.size);
    if (options.dryRun()) {
      return;
    }
    if (options.verify()) {
      verification.sent(labels, samples);
    }
    request.add(labels, samples, 0, samples.size);
    if (request.isFull()) {
      try {
        // This series may go on behind it, and is then sent once more.
        flush(seriesRead - 1);
      } catch (InterruptedException e) {
        throw new Interrupted(e);
      }
    }
  }

  /** Carries an interruption through the reader. */
  private static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final InterruptedException cause;

    Interrupted(InterruptedException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  private void flush() throws InterruptedException {
    flush(seriesRead);
  }

  private void flush(long seriesDone) throws InterruptedException {
    if (options.dryRun()) {
      return;
    }
    sender.send(request);
    saveNow(blockNumber, seriesDone);
  }

  private void saveNow(int block, long series) {
    if (state != null) {
      state.set("block", block).set("series", series).save();
    }
  }
}
