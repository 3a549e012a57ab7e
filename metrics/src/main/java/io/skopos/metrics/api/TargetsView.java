// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
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

        @Override
        public List<TargetMetadata> metadata(
            TenantId tenant, Predicate<Labels> targets, String metric, int limit) {
          return List.of();
        }

        @Override
        public @Nullable List<RelabelStep> relabelSteps(
            TenantId tenant, String scrapePool, Labels discovered) {
          return null;
        }

        @Override
        public List<TargetHistory> histories(TenantId tenant) {
          return List.of();
        }

        @Override
        public List<DiscoveryState> discoveries(TenantId tenant) {
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

  /**
   * What targets say about metric families, by target.
   *
   * @param targets which targets, by their labels
   * @param metric of one family; empty for all
   */
  List<TargetMetadata> metadata(
      TenantId tenant, Predicate<Labels> targets, String metric, int limit);

  /**
   * What each relabelling rule of a pool makes of a discovered target, up to the one that drops it;
   * null when there is no such pool.
   */
  @Nullable List<RelabelStep> relabelSteps(TenantId tenant, String scrapePool, Labels discovered);

  /** The last scrapes of all targets, by pool and address. */
  List<TargetHistory> histories(TenantId tenant);

  /** What finds targets, and whether it works. */
  List<DiscoveryState> discoveries(TenantId tenant);

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

  /** What a target says about a metric family. */
  record TargetMetadata(Labels target, String metric, MetricMetadata metadata) {}

  /**
   * A relabelling rule and what it made of a target.
   *
   * @param rule its other keys and values, as the configuration has them
   * @param modulus 0 when the rule has none; unsigned
   * @param output empty when it dropped the target
   */
  record RelabelStep(
      List<String> sourceLabels,
      Map<String, String> rule,
      long modulus,
      Labels output,
      boolean keep) {}

  /**
   * A target's last scrapes.
   *
   * @param scrapes newest first
   */
  record TargetHistory(String scrapePool, Labels labels, String scrapeUrl, List<Scrape> scrapes) {}

  /**
   * How one scrape went.
   *
   * @param error empty when it went well
   * @param bodyBytes of the body after decompression; 0 when none came
   * @param samples in the body
   * @param stored after metric relabelling
   * @param added series that the scrape before did not have
   * @param duplicates samples of a series that the same scrape had brought before
   * @param outOfBounds samples whose own time is too old for the retention or too far ahead
   */
  record Scrape(
      Instant start,
      Duration duration,
      String error,
      long bodyBytes,
      long samples,
      long stored,
      long added,
      long duplicates,
      long outOfBounds) {}

  /**
   * What a discovery does at the moment.
   *
   * @param kind the word before {@code _sd_configs}
   * @param targets found last, before relabelling
   * @param problem why they are not of now; empty when they are
   */
  record DiscoveryState(String kind, int targets, String problem) {}
}
