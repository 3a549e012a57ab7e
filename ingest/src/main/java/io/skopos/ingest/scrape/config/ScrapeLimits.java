// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape.config;

import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;

/**
 * Bounds of one scrape; 0 is no limit. A scrape that goes over fails as a whole and says so.
 *
 * @param bodyBytes after decompression
 * @param samples after metric relabelling
 * @param labels per series, target labels included
 * @param labelNameBytes of the longest label name
 * @param labelValueBytes of the longest label value
 * @param histogramBuckets of a native histogram; one with more gets a lower resolution, and when
 *     none is low enough, the scrape fails
 * @param histogramFactor native histograms whose buckets grow by less get a lower resolution
 * @param targets of the whole scrape config; beyond it none of them is scraped
 */
public record ScrapeLimits(
    long bodyBytes,
    int samples,
    int labels,
    int labelNameBytes,
    int labelValueBytes,
    int targets,
    int histogramBuckets,
    double histogramFactor) {

  public static final ScrapeLimits NONE = new ScrapeLimits(0, 0, 0, 0, 0, 0, 0, 0);

  /** Reads the keys of a scrape config, or of {@code global} with no limits as defaults. */
  static ScrapeLimits parse(YamlMapping yaml, ScrapeLimits absent) throws ConfigException {
    return new ScrapeLimits(
        yaml.read("body_size_limit", ScrapeLimits::parseBytes, absent.bodyBytes),
        yaml.count("sample_limit", absent.samples),
        yaml.count("label_limit", absent.labels),
        yaml.count("label_name_length_limit", absent.labelNameBytes),
        yaml.count("label_value_length_limit", absent.labelValueBytes),
        yaml.count("target_limit", absent.targets),
        yaml.count("native_histogram_bucket_limit", absent.histogramBuckets),
        yaml.read(
            "native_histogram_min_bucket_factor",
            ScrapeLimits::parseFactor,
            absent.histogramFactor));
  }

  ScrapeLimits withoutTargets() {
    return new ScrapeLimits(
        bodyBytes,
        samples,
        labels,
        labelNameBytes,
        labelValueBytes,
        0,
        histogramBuckets,
        histogramFactor);
  }

  private static double parseFactor(String text) {
    try {
      double factor = Double.parseDouble(text);
      if (factor >= 0 && factor < Double.POSITIVE_INFINITY) {
        return factor;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a number", e);
    }
    throw new IllegalArgumentException("'" + text + "' is not a factor of 0 or more");
  }

  /** Prometheus counts in powers of two, whether KB or KiB is written. */
  static long parseBytes(String text) {
    int unitAt = 0;
    while (unitAt < text.length()
        && (Character.isDigit(text.charAt(unitAt)) || text.charAt(unitAt) == '.')) {
      unitAt++;
    }
    int shift =
        switch (text.substring(unitAt)) {
          case "", "B" -> 0;
          case "KB", "KiB" -> 10;
          case "MB", "MiB" -> 20;
          case "GB", "GiB" -> 30;
          case "TB", "TiB" -> 40;
          case "PB", "PiB" -> 50;
          default -> -1;
        };
    if (shift < 0 || unitAt == 0) {
      throw new IllegalArgumentException("'" + text + "' is not a size; write for example 50MB");
    }
    try {
      return (long) (Double.parseDouble(text.substring(0, unitAt)) * (1L << shift));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a size; write for example 50MB", e);
    }
  }
}
