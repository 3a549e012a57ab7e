// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.histogram.NativeHistogram;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads frames back from the log. The log has verified the bytes' checksum, yet no length is
 * trusted: memory stays below a small multiple of {@link FrameFormat}'s limits whatever the bytes
 * say.
 */
public final class FrameDecoder {

  private FrameDecoder() {}

  /**
   * @throws DamagedFrame when the payload is not a frame's
   */
  public static FrameRows decode(byte[] payload, int length) {
    ByteCursor in = new ByteCursor(payload, 0, length);
    int version = in.get();
    List<ByteCursor> sections = new ArrayList<>();
    while (version == FrameFormat.LABEL_SECTION) {
      sections.add(column(in, in.length("label section"), "label section"));
      version = in.get();
    }
    boolean known =
        sections.isEmpty()
            ? version == FrameFormat.VERSION || version == FrameFormat.VERSION_WITH_COLUMNS
            : version == FrameFormat.AFTER_SECTIONS;
    if (!known) {
      throw new DamagedFrame(
          sections.isEmpty()
              ? "its version is " + version + ", this program reads 1 to 3"
              : "its label sections are followed by " + version);
    }
    int structureLength = in.length("structure");
    ByteCursor structure = column(in, structureLength, "structure");
    return rows(version, sections, structure, in);
  }

  private static FrameRows rows(
      int version, List<ByteCursor> sections, ByteCursor in, ByteCursor values) {
    boolean inSections = !sections.isEmpty();
    int series = inSections ? 0 : in.count("series", FrameFormat.MAX_SERIES);
    int samples = in.count("samples", FrameFormat.MAX_SAMPLES);
    int labelBytes = inSections ? 0 : in.count("label bytes", FrameFormat.MAX_LABEL_BYTES);
    int metadataRows = in.count("metadata rows", in.end);
    int known =
        version == FrameFormat.VERSION
            ? FrameFormat.HAS_HISTOGRAMS - 1
            : 2 * FrameFormat.HAS_EXEMPLARS - 1;
    int flags = in.count("flags", known);
    int textLength = inSections ? 0 : in.length("dictionary");
    int setsLength = inSections ? 0 : in.length("label sets");
    int countsLength = in.length("counts");
    int timesLength = in.length("times");
    boolean hasStarts = (flags & FrameFormat.HAS_STARTS) != 0;
    int histogramsLength = (flags & FrameFormat.HAS_HISTOGRAMS) != 0 ? in.length("histograms") : 0;
    int startsLength = hasStarts ? in.length("starts") : 0;
    int exemplarsLength = (flags & FrameFormat.HAS_EXEMPLARS) != 0 ? in.length("exemplars") : 0;
    ByteCursor text = column(in, textLength, "dictionary");
    ByteCursor sets = column(in, setsLength, "label sets");
    ByteCursor counts = column(in, countsLength, "counts");
    ByteCursor times = column(in, timesLength, "times");
    ByteCursor tags = column(in, samples, "value tags");
    HistogramColumn.Reader histograms =
        new HistogramColumn.Reader(column(in, histogramsLength, "histograms"));
    ByteCursor starts = column(in, startsLength, "starts");
    ByteCursor exemplars = column(in, exemplarsLength, "exemplars");

    SampleBatch batch = new SampleBatch();
    List<LabelSets> labelSets = new ArrayList<>(Math.max(1, sections.size()));
    if (inSections) {
      for (ByteCursor section : sections) {
        labelSets.add(section(section, series, labelBytes));
        series += labelSets.getLast().series();
        labelBytes += labelSets.getLast().labelBytes();
      }
    } else {
      labelSets.add(new LabelSets(text, sets, series, labelBytes));
    }
    TimeGuess guess = new TimeGuess();
    boolean oneEach = (flags & FrameFormat.ONE_SAMPLE_EACH) != 0;
    boolean oneTime = (flags & FrameFormat.ONE_TIME) != 0;
    long time = oneTime && samples > 0 ? times.zigzag() : 0;
    long startMs = 0;
    int left = samples;
    int section = 0;
    LabelSets labels = labelSets.getFirst();
    for (int s = 0; s < series; s++) {
      while (labels.isAtEnd()) {
        labels.finish();
        labels = labelSets.get(++section);
      }
      labels.next(batch);
      int own = oneEach ? 1 : counts.count("samples of a series", left);
      if (own > left) {
        throw new DamagedFrame("more series than samples, yet each should have one");
      }
      left -= own;
      guess.begin(oneTime ? 0 : own);
      for (int i = 0; i < own; i++) {
        if (!oneTime) {
          time = guess.next() + times.zigzag();
          guess.was(time);
        }
        double value = ValueCode.get(tags.get(), values);
        startMs += hasStarts ? starts.zigzag() : 0;
        NativeHistogram histogram = histograms.next(value);
        if (histogram == null) {
          batch.sample(time, value, startMs);
        } else {
          batch.histogram(time, histogram, startMs);
        }
      }
    }
    for (; section < labelSets.size(); section++) {
      labelSets.get(section).finish();
    }
    histograms.finish();
    if (left != 0
        || counts.remaining() != 0
        || times.remaining() != 0
        || starts.remaining() != 0
        || values.remaining() != 0) {
      throw new DamagedFrame("bytes are left over behind its last sample");
    }
    FrameExemplars.read(exemplars, series, batch);
    for (int i = 0; i < metadataRows; i++) {
      batch.metadata(
          in.zigzag(),
          string(in.text("metric name")),
          new MetricMetadata(
              string(in.text("type")), string(in.text("help")), string(in.text("unit"))));
    }
    if (in.remaining() != 0) {
      throw new DamagedFrame("bytes are left over behind its metadata");
    }
    int[] all = new int[series];
    Arrays.setAll(all, i -> i);
    return new FrameRows(batch, all, series, metadataRows > 0, batch.exemplars());
  }

  /**
   * @param series of the sections before, and their label bytes
   */
  private static LabelSets section(ByteCursor in, int series, int labelBytes) {
    int ownSeries = in.count("series", FrameFormat.MAX_SERIES - series);
    int ownLabelBytes = in.count("label bytes", FrameFormat.MAX_LABEL_BYTES - labelBytes);
    int textLength = in.length("dictionary");
    ByteCursor text = column(in, textLength, "dictionary");
    return new LabelSets(text, in, ownSeries, ownLabelBytes);
  }

  private static ByteCursor column(ByteCursor in, int length, String what) {
    if (length > in.remaining()) {
      throw new DamagedFrame("its " + what + " end behind the structure");
    }
    ByteCursor column = new ByteCursor(in.bytes, in.position, in.position + length);
    in.position += length;
    return column;
  }

  private static String string(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
