// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.model.config.ByteSize;
import io.skopos.model.config.Setting;

/** Settings of scraping that are ours; what Prometheus has stands in the prometheus.yml. */
public record ScrapeSettings(
    @Setting(
            doc =
                "Size of a scraped body, compressed or not, above which the scrape fails when its"
                    + " body_size_limit says nothing.",
            defaultValue = "256MiB")
        ByteSize maxBody,
    @Setting(
            doc = "How many scrapes of each target are remembered for the status page.",
            defaultValue = "10")
        int history,
    @Setting(
            doc =
                "How many dropped targets of each scrape config are shown when its"
                    + " keep_dropped_targets says nothing; all of them are counted.",
            defaultValue = "100")
        int keptDroppedTargets,
    @Setting(
            doc =
                "How many targets one discovery may find. An answer with more is not used; the"
                    + " targets found before stay.",
            defaultValue = "100000")
        int maxDiscoveredTargets,
    @Setting(
            doc =
                "Whether OpenMetrics' _created samples become the start times of their series"
                    + " instead of series of their own.",
            defaultValue = "false")
        boolean createdSamplesAsStarts) {

  public static ScrapeSettings defaults() {
    return new ScrapeSettings(ByteSize.ofMebibytes(256), 10, 100, 100_000, false);
  }
}
