// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape.config;

import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.model.Labels;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The section {@code global}: what scrape configs get when they do not say otherwise. */
public record GlobalConfig(
    Duration scrapeInterval,
    Duration scrapeTimeout,
    Duration evaluationInterval,
    Labels externalLabels,
    ScrapeLimits limits,
    ExpositionSettings exposition,
    int keepDroppedTargets) {

  public static final GlobalConfig DEFAULT =
      new GlobalConfig(
          Duration.ofMinutes(1),
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Labels.EMPTY,
          ScrapeLimits.NONE,
          ExpositionSettings.DEFAULT,
          0);

  static GlobalConfig parse(@Nullable YamlMapping yaml, Notices notices) throws ConfigException {
    if (yaml == null) {
      return DEFAULT;
    }
    yaml.notBuiltYet(notices, "query_log_file", "scrape_failure_log_file", "rule_query_offset");
    Duration interval = yaml.duration("scrape_interval", DEFAULT.scrapeInterval);
    Duration timeout =
        yaml.duration("scrape_timeout", ScrapeConfig.atMost(DEFAULT.scrapeTimeout, interval));
    GlobalConfig config =
        new GlobalConfig(
            interval,
            timeout,
            yaml.duration("evaluation_interval", DEFAULT.evaluationInterval),
            TargetGroup.labels(yaml.child("external_labels")),
            ScrapeLimits.parse(yaml, ScrapeLimits.NONE),
            ExpositionSettings.parse(yaml, ExpositionSettings.DEFAULT),
            yaml.count("keep_dropped_targets", 0));
    if (interval.isZero()) {
      throw yaml.error("scrape_interval cannot be 0");
    }
    if (timeout.compareTo(interval) > 0) {
      throw yaml.error("scrape_timeout cannot be longer than scrape_interval");
    }
    yaml.done();
    return config;
  }
}
