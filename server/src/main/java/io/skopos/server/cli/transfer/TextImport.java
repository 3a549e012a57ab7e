// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import io.skopos.metrics.exposition.ExpositionException;
import io.skopos.metrics.exposition.ExpositionFormat;
import io.skopos.metrics.exposition.ExpositionParser;
import io.skopos.metrics.exposition.ExpositionSink;
import io.skopos.metrics.exposition.LabelMapping;
import io.skopos.metrics.exposition.SeriesCache;
import io.skopos.metrics.exposition.StoredSeries;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.histogram.NativeHistogram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Pushes text files with times into a server: text 0.0.4 or OpenMetrics, as {@code promtool tsdb
 * create-blocks-from openmetrics} takes them. Read in pieces that end at line ends, so that files
 * may be of any size. A line without a time, or a bad one, is a problem of that line only.
 */
public final class TextImport {

  private static final int PIECE_BYTES = 4 << 20;

  /** Distinct series texts remembered. */
  private static final int MAX_TEXTS = 200_000;

  private final ImportOptions options;
  private final Progress progress;
  private final Problems problems;
  private final WriteSender sender;
  private final WriteRequest request = new WriteRequest();
  private final SampleBuffer one = new SampleBuffer(1);
  private final ExpositionFormat format;
  private final SeriesCache cache = new SeriesCache(LabelMapping.IDENTITY, MAX_TEXTS);

  public TextImport(
      ServerSession session,
      ExpositionFormat format,
      ImportOptions options,
      Progress progress,
      Problems problems) {
    this.format = format;
    this.options = options;
    this.progress = progress;
    this.problems = problems;
    sender =
        new WriteSender(
            session, "/api/v1/write", options.patience(), options.samplesPerSecond(), problems);
  }

  /**
   * @param name for messages
   * @param size of the file, for the progress; 0 when it is not known
   */
  public void run(Path name, InputStream in, long size) throws IOException, InterruptedException {
    byte[] piece = new byte[PIECE_BYTES + 64];
    int held = 0;
    long read = 0;
    long lines = 0;
    boolean more = true;
    while (more) {
      int got = in.readNBytes(piece, held, piece.length - 64 - held);
      more = held + got == piece.length - 64;
      read += got;
      int length = held + got;
      int end = more ? lastLineEnd(piece, length) : length;
      if (end == 0 && more) {
        throw new TransferFailed(
            name + " has a line of more than " + (piece.length - 64) + " bytes near line " + lines);
      }
      parse(name, piece, end, lines);
      for (int i = 0; i < end; i++) {
        lines += piece[i] == '\n' ? 1 : 0;
      }
      System.arraycopy(piece, end, piece, 0, length - end);
      held = length - end;
      progress.at(name.toString(), size == 0 ? 0 : (double) read / size);
    }
    flush();
    progress.finish();
  }

  private static int lastLineEnd(byte[] piece, int length) {
    for (int i = length; i > 0; i--) {
      if (piece[i - 1] == '\n') {
        return i;
      }
    }
    return 0;
  }

  private void parse(Path name, byte[] piece, int length, long linesBefore)
      throws InterruptedException {
    if (length == 0) {
      return;
    }
    // A piece of OpenMetrics needs its end, too.
    byte[] bytes = piece;
    int size = length;
    if (format == ExpositionFormat.OPENMETRICS && !endsWithEof(piece, length)) {
      bytes = Arrays.copyOf(piece, length + 8);
      if (bytes[length - 1] != '\n') {
        bytes[size++] = '\n';
      }
      for (char c : "# EOF\n".toCharArray()) {
        bytes[size++] = (byte) c;
      }
    }
    try {
      ExpositionParser.lax(format)
          .parse(
              bytes,
              0,
              size,
              cache,
              new ExpositionSink() {
                @Override
                public void sample(StoredSeries series, double value, long timeMs, long startMs) {
                  add(series, timeMs, value, null);
                }

                @Override
                public void histogram(
                    StoredSeries series, NativeHistogram histogram, long timeMs, long startMs) {
                  add(series, timeMs, histogram.sum(), histogram);
                }

                private void add(
                    StoredSeries series,
                    long timeMs,
                    double value,
                    @org.jspecify.annotations.Nullable NativeHistogram histogram) {
                  if (timeMs == NO_TIME) {
                    problems.add(name + ": a sample of " + series.labels() + " has no time");
                    return;
                  }
                  one.clear();
                  one.add(timeMs, value, histogram, 0);
                  TextImport.this.add(series.labels());
                }

                @Override
                public boolean badLine(ExpositionException problem) {
                  problems.add(
                      name
                          + (linesBefore == 0 ? "" : " behind line " + linesBefore)
                          + ": "
                          + problem.getMessage());
                  return true;
                }
              });
    } catch (ExpositionException e) {
      problems.add(name + ": " + e.getMessage());
    }
    if (request.isFull()) {
      flush();
    }
  }

  private static boolean endsWithEof(byte[] piece, int length) {
    int from = Math.max(0, length - 16);
    return new String(piece, from, length - from, java.nio.charset.StandardCharsets.ISO_8859_1)
        .stripTrailing()
        .endsWith("# EOF");
  }

  private void add(Labels series) {
    Labels labels = series;
    if (!options.labels().isEmpty()) {
      LabelsBuilder builder = new LabelsBuilder(series);
      options.labels().forEach(builder::set);
      labels = builder.build();
    }
    if (!options.range().contains(one.timesMs[0]) || !options.filter().accepts(labels)) {
      return;
    }
    progress.add(0, 1);
    if (!options.dryRun()) {
      request.add(labels, one, 0, 1);
      if (request.isFull()) {
        try {
          flush();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new TransferFailed("interrupted", e);
        }
      }
    }
  }

  private void flush() throws InterruptedException {
    if (!options.dryRun()) {
      sender.send(request);
    }
  }
}
