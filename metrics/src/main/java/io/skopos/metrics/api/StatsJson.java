// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.language.QueryOutcome;
import io.skopos.serving.answer.JsonText;
import io.skopos.storage.blocks.ReadContext;
import java.io.IOException;

/** What {@code stats=all} adds to {@code data}; phases that we do not have apart are 0. */
final class StatsJson {

  private StatsJson() {}

  static void write(
      JsonText json,
      QueryOutcome.Stats stats,
      ReadContext.Cost reads,
      long waitedNanos,
      StepTimes steps)
      throws IOException {
    json.raw(",\"stats\":{\"timings\":{\"evalTotalTime\":").raw(seconds(stats.totalNanos()));
    json.raw(",\"resultSortTime\":0,\"queryPreparationTime\":").raw(seconds(stats.parseNanos()));
    json.raw(",\"innerEvalTime\":").raw(seconds(stats.evalNanos()));
    json.raw(",\"execQueueTime\":").raw(seconds(waitedNanos));
    json.raw(",\"execTotalTime\":").raw(seconds(waitedNanos + stats.totalNanos()));
    json.raw("},\"samples\":{");
    long[] perStep = stats.samplesPerStep();
    if (perStep != null) {
      json.raw("\"totalQueryableSamplesPerStep\":[");
      for (int i = 0; i < perStep.length; i++) {
        json.raw(i == 0 ? "[" : ",[")
            .seconds(steps.timeMs(i))
            .raw(',')
            .integer(perStep[i])
            .raw(']');
      }
      json.raw("],");
    }
    json.raw("\"totalQueryableSamples\":").integer(stats.samplesRead());
    json.raw(",\"peakSamples\":").integer(stats.peakSamples()).raw('}');
    json.raw(",\"storage\":{\"pageHits\":").integer(reads.pageHits());
    json.raw(",\"pageReads\":").integer(reads.pageReads());
    json.raw(",\"blockHits\":").integer(reads.blockHits());
    json.raw(",\"fetches\":").integer(reads.fetches());
    json.raw(",\"fetchedBytes\":").integer(reads.fetchedBytes()).raw("}}");
  }

  private static String seconds(long nanos) {
    return new java.math.BigDecimal(nanos).movePointLeft(9).toPlainString();
  }
}
