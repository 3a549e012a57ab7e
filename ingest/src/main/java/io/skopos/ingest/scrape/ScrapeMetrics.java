// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What scraping says about itself. */
final class ScrapeMetrics {

  final Gauge targets;
  final Counter scrapes;
  final Counter failures;
  final Counter missedTurns;
  final Counter bodyBytes;
  final Counter samples;
  final Counter duplicateSamples;
  final Counter outOfBoundsSamples;
  final Counter appendFailures;
  final Histogram duration;

  ScrapeMetrics(PrometheusRegistry registry) {
    targets =
        Gauge.builder()
            .name("skopos_ingest_scrape_targets")
            .help("Targets being scraped.")
            .register(registry);
    scrapes = counter(registry, "scrapes", "Scrapes begun.");
    failures = counter(registry, "scrape_failures", "Scrapes that failed as a whole.");
    missedTurns =
        counter(
            registry,
            "scrape_missed_turns",
            "Turns left out because the scrape before was not done (slow target or slow storage).");
    bodyBytes = counter(registry, "scrape_body_bytes", "Bytes of bodies after decompression.");
    samples = counter(registry, "scrape_samples", "Samples stored.");
    duplicateSamples =
        counter(
            registry,
            "scrape_duplicate_samples",
            "Samples left out because the same scrape had brought their series before.");
    outOfBoundsSamples =
        counter(
            registry,
            "scrape_out_of_bounds_samples",
            "Samples left out because their own time was too old or too far ahead.");
    appendFailures =
        counter(
            registry, "scrape_append_failures", "Scrapes the intake refused or could not take.");
    duration =
        Histogram.builder()
            .name("skopos_ingest_scrape_duration_seconds")
            .help("From the request to the last sample parsed.")
            .classicOnly()
            .classicUpperBounds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
            .register(registry);
  }

  private static Counter counter(PrometheusRegistry registry, String name, String help) {
    return Counter.builder().name("skopos_ingest_" + name + "_total").help(help).register(registry);
  }
}
