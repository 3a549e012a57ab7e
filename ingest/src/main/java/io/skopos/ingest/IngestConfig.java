// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest;

import io.skopos.ingest.host.HostMetricsSettings;
import io.skopos.ingest.intake.IntakeLimits;
import io.skopos.ingest.scrape.ScrapeSettings;
import io.skopos.model.config.Setting;

/** Settings of this room. */
public record IngestConfig(
    @Setting(doc = "What each tenant may send.") IntakeLimits limits,
    @Setting(doc = "Scraping, besides what the prometheus.yml says.") ScrapeSettings scrape,
    @Setting(doc = "The host's own metrics.") HostMetricsSettings hostMetrics) {

  public static IngestConfig defaults() {
    return new IngestConfig(
        IntakeLimits.defaults(), ScrapeSettings.defaults(), HostMetricsSettings.defaults());
  }
}
