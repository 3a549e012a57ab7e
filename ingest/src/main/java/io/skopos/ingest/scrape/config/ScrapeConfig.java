// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape.config;

import io.skopos.ingest.discovery.DiscoverySettings;
import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.http.HttpSettings;
import io.skopos.ingest.relabel.RelabelRule;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import io.skopos.model.config.PrometheusDuration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One entry of {@code scrape_configs}, defaults filled in.
 *
 * @param params per name, all its values
 * @param honorLabels a target's own labels win over those of its target group
 * @param honorTimestamps samples keep the time a target gives them
 * @param trackTimestampsStaleness series with times of their own get stale markers, too
 * @param compression ask targets for gzip
 * @param keepDroppedTargets how many dropped targets are shown; 0 for our own bound
 */
public record ScrapeConfig(
    String jobName,
    Duration interval,
    Duration timeout,
    String scheme,
    String metricsPath,
    Map<String, List<String>> params,
    boolean honorLabels,
    boolean honorTimestamps,
    boolean trackTimestampsStaleness,
    boolean compression,
    ExpositionSettings exposition,
    int keepDroppedTargets,
    ScrapeLimits limits,
    HttpSettings http,
    List<RelabelRule> relabelRules,
    List<RelabelRule> metricRelabelRules,
    List<TargetGroup> staticGroups,
    List<DiscoverySettings> discoveries) {

  public ScrapeConfig {
    relabelRules = List.copyOf(relabelRules);
    metricRelabelRules = List.copyOf(metricRelabelRules);
    staticGroups = List.copyOf(staticGroups);
    discoveries = List.copyOf(discoveries);
  }

  static ScrapeConfig parse(YamlMapping yaml, GlobalConfig global, Path base, Notices notices)
      throws ConfigException {
    String job = yaml.text("job_name", "");
    if (job.isEmpty()) {
      throw yaml.error("job_name is missing");
    }
    yaml.notBuiltYet(notices, "scrape_failure_log_file");
    Duration interval = yaml.duration("scrape_interval", global.scrapeInterval());
    Duration timeout = yaml.duration("scrape_timeout", atMost(global.scrapeTimeout(), interval));
    if (interval.isZero() || timeout.isZero()) {
      throw yaml.error("scrape_interval and scrape_timeout cannot be 0");
    }
    if (timeout.compareTo(interval) > 0) {
      throw yaml.error(
          "scrape_timeout "
              + PrometheusDuration.format(timeout)
              + " is longer than scrape_interval "
              + PrometheusDuration.format(interval));
    }
    String scheme = yaml.text("scheme", "http");
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw yaml.error("the scheme '" + scheme + "' is neither http nor https");
    }
    ScrapeConfig config =
        new ScrapeConfig(
            job,
            interval,
            timeout,
            scheme,
            yaml.text("metrics_path", "/metrics"),
            params(yaml),
            yaml.flag("honor_labels", false),
            yaml.flag("honor_timestamps", true),
            yaml.flag("track_timestamps_staleness", false),
            yaml.flag("enable_compression", true),
            ExpositionSettings.parse(yaml, global.exposition()),
            yaml.count("keep_dropped_targets", global.keepDroppedTargets()),
            ScrapeLimits.parse(yaml, global.limits()),
            HttpSettings.parse(yaml, base, notices),
            RelabelRules.parse(yaml.list("relabel_configs")),
            RelabelRules.parse(yaml.list("metric_relabel_configs")),
            groups(yaml),
            DiscoveryKinds.parse(yaml, base, notices));
    yaml.done();
    return config;
  }

  static Duration atMost(Duration wanted, Duration bound) {
    return wanted.compareTo(bound) > 0 ? bound : wanted;
  }

  private static Map<String, List<String>> params(YamlMapping yaml) throws ConfigException {
    YamlMapping params = yaml.child("params");
    if (params == null) {
      return Map.of();
    }
    Map<String, List<String>> read = new LinkedHashMap<>();
    for (Map.Entry<String, YamlValue> param : params.all().entrySet()) {
      read.put(param.getKey(), param.getValue().texts());
    }
    return Map.copyOf(read);
  }

  private static List<TargetGroup> groups(YamlMapping yaml) throws ConfigException {
    List<TargetGroup> groups = new ArrayList<>();
    for (YamlValue group : yaml.list("static_configs")) {
      groups.add(TargetGroup.parse(group.mapping()));
    }
    return groups;
  }

  /** Whether only the way from here to targets differs, not how a target is scraped. */
  public boolean scrapesLike(ScrapeConfig other) {
    return jobName.equals(other.jobName)
        && honorLabels == other.honorLabels
        && honorTimestamps == other.honorTimestamps
        && trackTimestampsStaleness == other.trackTimestampsStaleness
        && compression == other.compression
        && exposition.equals(other.exposition)
        && limits.withoutTargets().equals(other.limits.withoutTargets())
        && http.equals(other.http)
        && metricRelabelRules.equals(other.metricRelabelRules);
  }
}
