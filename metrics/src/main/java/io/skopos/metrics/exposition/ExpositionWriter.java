// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.metrics.wire.ProtobufWriter;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;

/**
 * Writes samples as an exposition that others scrape. Samples of one metric come one after the
 * other, each with its time. Not thread-safe.
 */
public interface ExpositionWriter {

  /**
   * @param emptyLabel written with an empty value where a series has it not, by which scrapers know
   *     that it is not theirs to set; empty for none
   */
  static ExpositionWriter of(AcceptedFormat accepted, String emptyLabel, ProtobufWriter out) {
    return accepted.format() == ExpositionFormat.PROTOBUF
        ? new ProtobufExposition(accepted, emptyLabel, out)
        : new TextExposition(accepted, emptyLabel, out);
  }

  /**
   * Begins a metric.
   *
   * @param type {@code counter}, {@code gauge} or {@code unknown}: series of classic histograms and
   *     summaries are metrics of their own here, and unknown
   */
  void metric(String name, String type);

  /** A sample of the metric begun last; the name among the labels is passed over. */
  void sample(Labels labels, double value, long timeMs);

  /** As {@link #sample}; formats without native histograms leave it out. */
  void histogram(Labels labels, NativeHistogram histogram, long timeMs);

  /** Ends the exposition. */
  void end();
}
