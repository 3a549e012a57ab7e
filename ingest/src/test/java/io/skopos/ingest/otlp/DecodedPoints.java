// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.web.wire.MalformedMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a request becomes, one line of text per sample, exemplar and metadata row. */
final class DecodedPoints {

  static final long NOW_MS = 1_800_000_000_000L;

  final OtlpReport report;
  final List<String> lines = new ArrayList<>();

  private DecodedPoints(MetricsRequestDecoder decoder, OtlpReport report) {
    this.report = report;
    SampleBatch batch = decoder.batch();
    for (int series = 0; series < batch.seriesCount(); series++) {
      for (int i = batch.sampleStart(series); i < batch.sampleEnd(series); i++) {
        lines.add(
            batch.labels(series)
                + " "
                + value(batch, i)
                + " @"
                + batch.timeMs(i)
                + (batch.startMs(i) == 0 ? "" : " since " + batch.startMs(i)));
      }
    }
    batch
        .exemplars()
        .forEach(row ->
            lines.add(
                "exemplar of "
                    + batch.labels(row.series()).getOrEmpty("__name__")
                    + batch.labels(row.series()).keep(List.of("le"))
                    + " "
                    + row.exemplar().labels()
                    + " "
                    + row.exemplar().value()
                    + " @"
                    + row.exemplar().timeMs()));
    batch
        .metadata()
        .forEach(row ->
            lines.add(
                row.metric()
                    + " is "
                    + row.metadata().type()
                    + "|"
                    + row.metadata().help()
                    + "|"
                    + row.metadata().unit()));
  }

  static DecodedPoints of(OtlpSettings settings, byte[] message) throws MalformedMessage {
    MetricsRequestDecoder decoder = new MetricsRequestDecoder(settings);
    return new DecodedPoints(decoder, decoder.decode(message, message.length, NOW_MS));
  }

  private static String value(SampleBatch batch, int sample) {
    NativeHistogram histogram = batch.histogramAt(sample);
    if (histogram == null) {
      return StaleMarker.is(batch.value(sample)) ? "stale" : Double.toString(batch.value(sample));
    }
    return "schema "
        + histogram.schema()
        + " "
        + histogram.resetHint()
        + " count "
        + histogram.count()
        + " sum "
        + histogram.sum()
        + " zero "
        + histogram.zeroCount()
        + "/"
        + histogram.zeroThreshold()
        + " + "
        + Arrays.toString(histogram.positive().spans())
        + Arrays.toString(histogram.positive().counts())
        + " - "
        + Arrays.toString(histogram.negative().spans())
        + Arrays.toString(histogram.negative().counts())
        + (histogram.customValues().length == 0
            ? ""
            : " bounds " + Arrays.toString(histogram.customValues()));
  }
}
