// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

/**
 * What of a histogram is read, and how; the keys in brackets are those of a scrape config.
 *
 * @param nativeHistograms take native histograms; without it, their classic buckets if they have
 *     some ({@code scrape_native_histograms})
 * @param classicHistograms take classic buckets also of what is taken as a native histogram ({@code
 *     always_scrape_classic_histograms})
 * @param convertClassicHistograms make classic histograms native ones with custom buckets ({@code
 *     convert_classic_histograms_to_nhcb})
 * @param createdSamplesAsStarts OpenMetrics' {@code _created} samples become the starts of their
 *     series and are no series of their own. Protobuf's created timestamps, which are none, always
 *     become starts
 */
public record ExpositionOptions(
    boolean nativeHistograms,
    boolean classicHistograms,
    boolean convertClassicHistograms,
    boolean createdSamplesAsStarts) {

  /** Everything as it is exposed. */
  public static final ExpositionOptions DEFAULT = new ExpositionOptions(true, false, false, false);
}
