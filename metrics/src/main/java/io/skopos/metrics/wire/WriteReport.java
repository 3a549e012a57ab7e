// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import java.util.ArrayList;
import java.util.List;

/** What of a message goes on to the store and what does not, with the first few reasons. */
public final class WriteReport {

  static final int MAX_REASONS = 5;

  long samples;
  long series;
  long refusedSeries;
  long refusedSamples;
  long refusedMetadata;
  long histograms;
  long exemplars;
  long refusedHistograms;
  long refusedExemplars;
  private final List<String> reasons = new ArrayList<>(0);

  WriteReport() {}

  void reason(String text) {
    if (wantsReason()) {
      reasons.add(text);
    }
  }

  boolean wantsReason() {
    return reasons.size() < MAX_REASONS;
  }

  /** Samples that are kept. */
  public long samples() {
    return samples;
  }

  /** Series of which something is kept; one that comes twice counts twice. */
  public long series() {
    return series;
  }

  /** Series whose labels are bad; what they bring counts as refused as well. */
  public long refusedSeries() {
    return refusedSeries;
  }

  public long refusedSamples() {
    return refusedSamples;
  }

  public long refusedMetadata() {
    return refusedMetadata;
  }

  /** Native histograms that are kept. */
  public long histograms() {
    return histograms;
  }

  public long refusedHistograms() {
    return refusedHistograms;
  }

  /** Exemplars that are kept. */
  public long exemplars() {
    return exemplars;
  }

  public long refusedExemplars() {
    return refusedExemplars;
  }

  /** The first {@value #MAX_REASONS} reasons for a refusal. */
  public List<String> reasons() {
    return List.copyOf(reasons);
  }

  /** True when something that the sender wants stored is not. */
  public boolean isPartial() {
    return refusedSeries + refusedSamples + refusedHistograms + refusedExemplars + refusedMetadata
        > 0;
  }

  /** One line for the sender: what was kept, what was not, and why. */
  public String summary() {
    StringBuilder text = new StringBuilder("kept ").append(samples).append(" samples");
    append(text, histograms, "native histograms");
    append(text, exemplars, "exemplars");
    append(text, refusedSamples, "samples refused");
    append(text, refusedHistograms, "native histograms refused");
    append(text, refusedExemplars, "exemplars refused");
    append(text, refusedSeries, "series refused");
    append(text, refusedMetadata, "metadata entries refused");
    if (!reasons.isEmpty()) {
      text.append("; first reasons: ").append(String.join("; ", reasons));
    }
    return text.toString();
  }

  private static void append(StringBuilder text, long count, String what) {
    if (count > 0) {
      text.append(", ").append(count).append(' ').append(what);
    }
  }
}
