// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.CanonicalLength;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/** Holds the canonical label bytes of a batch against the limits, without making strings. */
final class LabelLimits {

  /** A label has a name, a value and both lengths. */
  private static final int LEAST_LABEL_BYTES = 4;

  private final int labels;
  private final int nameBytes;
  private final int valueBytes;

  /** A series of so few bytes cannot go over any limit. */
  private final int harmlessBytes;

  LabelLimits(IntakeLimits limits) {
    this.labels = orUnlimited(limits.labelsPerSeries());
    this.nameBytes = orUnlimited(limits.labelNameBytes());
    this.valueBytes = orUnlimited(limits.labelValueBytes());
    long fewLabels = (long) labels * LEAST_LABEL_BYTES;
    this.harmlessBytes = (int) Math.min(fewLabels, Math.min(nameBytes, valueBytes));
  }

  private static int orUnlimited(int limit) {
    return limit == 0 ? Integer.MAX_VALUE : limit;
  }

  /** Marks in {@code bad} the series that go over a limit. */
  void check(SampleBatch batch, BitSet bad, Refusals refusals) {
    byte[] bytes = batch.labelBytes();
    for (int series = 0; series < batch.seriesCount(); series++) {
      int at = batch.labelStart(series);
      int end = batch.labelEnd(series);
      if (end - at <= harmlessBytes) {
        continue;
      }
      int count = 0;
      while (at < end) {
        int name = CanonicalLength.read(bytes, at);
        int nameAt = at + CanonicalLength.bytes(name);
        int value = CanonicalLength.read(bytes, nameAt + name);
        if (name > nameBytes) {
          refuse(
              batch,
              series,
              "label_name_bytes",
              nameBytes,
              "a label name of " + name + " bytes",
              bad,
              refusals);
          break;
        }
        if (value > valueBytes) {
          String label = new String(bytes, nameAt, name, StandardCharsets.UTF_8);
          refuse(
              batch,
              series,
              "label_value_bytes",
              valueBytes,
              "a value of " + value + " bytes in the label '" + label + "'",
              bad,
              refusals);
          break;
        }
        at = nameAt + name + CanonicalLength.bytes(value) + value;
        count++;
      }
      if (count > labels) {
        refuse(batch, series, "labels_per_series", labels, count + " labels", bad, refusals);
      }
    }
  }

  private static void refuse(
      SampleBatch batch,
      int series,
      String limit,
      int value,
      String found,
      BitSet bad,
      Refusals refusals) {
    if (bad.get(series)) {
      return;
    }
    bad.set(series);
    String key = "intake." + limit;
    refusals.add(
        key,
        batch.sampleEnd(series) - batch.sampleStart(series),
        refusals.knows(key)
            ? ""
            : "the series "
                + Refusals.shown(batch.labels(series).toString())
                + " has "
                + found
                + ", the limit is "
                + value);
  }
}
