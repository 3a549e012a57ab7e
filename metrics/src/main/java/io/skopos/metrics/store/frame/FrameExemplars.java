// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBatch.ExemplarRow;
import io.skopos.model.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A batch's exemplars by series, and how a frame carries those of its own. */
final class FrameExemplars {

  private final List<ExemplarRow> bySeries;

  FrameExemplars(SampleBatch batch) {
    bySeries = new ArrayList<>(batch.exemplars());
    bySeries.sort(Comparator.comparingInt(ExemplarRow::series));
  }

  /** About how many bytes the series' exemplars take. */
  long bytes(int series) {
    long bytes = 0;
    for (int i = first(series); i < bySeries.size() && bySeries.get(i).series() == series; i++) {
      bytes += 24 + bySeries.get(i).exemplar().labels().canonicalBytes().length;
    }
    return bytes;
  }

  private int first(int series) {
    int low = 0;
    int high = bySeries.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (bySeries.get(middle).series() < series) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Appends those of the frame's series, in its order of series, and gives them back. */
  List<ExemplarRow> write(int[] series, ByteColumn out) {
    if (bySeries.isEmpty()) {
      return List.of();
    }
    List<ExemplarRow> written = new ArrayList<>();
    int before = 0;
    long timeBefore = 0;
    for (int place = 0; place < series.length; place++) {
      int own = series[place];
      for (int i = first(own); i < bySeries.size() && bySeries.get(i).series() == own; i++) {
        Exemplar exemplar = bySeries.get(i).exemplar();
        out.varint(place - before);
        out.zigzag(exemplar.timeMs() - timeBefore);
        out.int64(Double.doubleToRawLongBits(exemplar.value()));
        out.text(exemplar.labels().canonicalBytes());
        before = place;
        timeBefore = exemplar.timeMs();
        written.add(bySeries.get(i));
      }
    }
    return written;
  }

  /** Series of the batch that is read are numbered as in the frame. */
  static void read(ByteCursor in, int seriesCount, SampleBatch into) {
    int series = 0;
    long timeMs = 0;
    while (in.remaining() > 0) {
      series += in.count("series before an exemplar", seriesCount);
      if (series >= seriesCount) {
        throw new DamagedFrame("an exemplar belongs to series " + series + " of " + seriesCount);
      }
      timeMs += in.zigzag();
      double value = Double.longBitsToDouble(in.int64());
      byte[] labels = in.text("exemplar labels");
      if (labels.length > SampleBatch.MAX_EXEMPLAR_LABEL_BYTES) {
        throw new DamagedFrame("an exemplar has " + labels.length + " bytes of labels");
      }
      checkLabels(labels);
      if (!into.exemplar(series, new Exemplar(Labels.ofCanonicalBytes(labels), value, timeMs))) {
        throw new DamagedFrame("an exemplar has the time " + timeMs);
      }
    }
  }

  /** Texts that end where the bytes end, in pairs. */
  private static void checkLabels(byte[] labels) {
    ByteCursor in = new ByteCursor(labels, 0, labels.length);
    while (in.remaining() > 0) {
      in.skip(in.length("an exemplar's label name"));
      in.skip(in.length("an exemplar's label value"));
    }
  }
}
