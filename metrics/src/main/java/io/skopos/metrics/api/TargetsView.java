// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is scraped, as {@code /api/v1/targets} shows it; scraping implements it. Thread-safe; lists
 * are snapshots. A scrape pool is the targets of one {@code scrape_config}, named by its job.
 */
public interface TargetsView {

  /** When nothing is scraped. */
  TargetsView NONE =
      new TargetsView() {
        @Override
        public List<ActiveTarget> active(TenantId tenant) {
          return List.of();
        }

        @Override
        public List<DroppedTarget> dropped(TenantId tenant) {
          return List.of();
        }

        @Override
        public Map<String, Integer> droppedCounts(TenantId tenant) {
          return Map.of();
        }

        @Override
        public List<String> scrapePools(TenantId tenant) {
          return List.of();
        }
      };

  /** The targets whose samples go to the tenant, by pool and then by address. */
  List<ActiveTarget> active(TenantId tenant);

  /** Targets that relabelling dropped; may be a bounded number per pool. */
  List<DroppedTarget> dropped(TenantId tenant);

  /** How many were dropped, for every pool, also when {@link #dropped} shows fewer. */
  Map<String, Integer> droppedCounts(TenantId tenant);

  /** The names of all pools, sorted. */
  List<String> scrapePools(TenantId tenant);

  /** How the last scrape went. */
  enum Health {
    /** Not scraped yet. */
    UNKNOWN,
    UP,
    DOWN
  }

  /**
   * A target that is scraped.
   *
   * @param discoveredLabels before relabelling, with {@code __address__} and the like
   * @param labels after relabelling, without those that begin with two underscores
   * @param globalUrl the URL as seen from other hosts
   * @param lastError empty when the last scrape went well
   * @param lastScrape null before the first
   */
  record ActiveTarget(
      Labels discoveredLabels,
      Labels labels,
      String scrapePool,
      String scrapeUrl,
      String globalUrl,
      String lastError,
      @Nullable Instant lastScrape,
      Duration lastScrapeDuration,
      Health health,
      Duration scrapeInterval,
      Duration scrapeTimeout) {}

  /** A target that relabelling dropped. */
  record DroppedTarget(Labels discoveredLabels, String scrapePool) {}
}
