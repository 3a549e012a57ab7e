// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.storage.WriteRefused;
import java.nio.charset.StandardCharsets;

/** Holds the canonical label bytes of a batch against the limits, without making strings. */
final class LabelLimits {

  private final int labels;
  private final int nameBytes;
  private final int valueBytes;

  LabelLimits(IntakeLimits limits) {
    this.labels = orUnlimited(limits.labelsPerSeries());
    this.nameBytes = orUnlimited(limits.labelNameBytes());
    this.valueBytes = orUnlimited(limits.labelValueBytes());
  }

  private static int orUnlimited(int limit) {
    return limit == 0 ? Integer.MAX_VALUE : limit;
  }

  void check(SampleBatch batch) {
    byte[] bytes = batch.labelBytes();
    for (int series = 0; series < batch.seriesCount(); series++) {
      int at = batch.labelStart(series);
      int end = batch.labelEnd(series);
      int count = 0;
      while (at < end) {
        int name = length(bytes, at);
        int nameAt = at + lengthBytes(name);
        int value = length(bytes, nameAt + name);
        if (name > nameBytes) {
          throw refused(
              batch, series, "label_name_bytes", nameBytes, "a label name of " + name + " bytes");
        }
        if (value > valueBytes) {
          String label = new String(bytes, nameAt, name, StandardCharsets.UTF_8);
          throw refused(
              batch,
              series,
              "label_value_bytes",
              valueBytes,
              "a value of " + value + " bytes in the label '" + label + "'");
        }
        at = nameAt + name + lengthBytes(value) + value;
        count++;
      }
      if (count > labels) {
        throw refused(batch, series, "labels_per_series", labels, count + " labels");
      }
    }
  }

  private static WriteRefused refused(
      SampleBatch batch, int series, String limit, int value, String found) {
    String labels = batch.labels(series).toString();
    String shown = labels.length() > 300 ? labels.substring(0, 300) + "…" : labels;
    return new WriteRefused(
        400,
        "the series "
            + shown
            + " has "
            + found
            + "; the limit "
            + limit
            + " is "
            + value
            + ". Nothing of the write was kept.");
  }

  private static int length(byte[] bytes, int at) {
    int value = 0;
    int shift = 0;
    int next = at;
    while (bytes[next] < 0) {
      value |= (bytes[next++] & 0x7f) << shift;
      shift += 7;
    }
    return value | bytes[next] << shift;
  }

  private static int lengthBytes(int length) {
    return length < 0x80
        ? 1
        : length < 0x4000 ? 2 : length < 0x20_0000 ? 3 : length < 0x1000_0000 ? 4 : 5;
  }
}
