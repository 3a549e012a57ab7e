// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape.config;

import io.skopos.ingest.relabel.RelabelRule;
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
    ScrapeLimits limits,
    HttpSettings http,
    List<RelabelRule> relabelRules,
    List<RelabelRule> metricRelabelRules,
    List<TargetGroup> staticGroups,
    List<FileDiscoverySettings> files) {

  private static final String[] OTHER_DISCOVERIES = {
    "aws_sd_configs", "azure_sd_configs", "consul_sd_configs", "digitalocean_sd_configs",
    "dns_sd_configs", "docker_sd_configs", "dockerswarm_sd_configs", "ec2_sd_configs",
    "eureka_sd_configs", "gce_sd_configs", "hetzner_sd_configs", "http_sd_configs",
    "ionos_sd_configs", "kubernetes_sd_configs", "kuma_sd_configs", "lightsail_sd_configs",
    "linode_sd_configs", "marathon_sd_configs", "nerve_sd_configs", "nomad_sd_configs",
    "openstack_sd_configs", "ovhcloud_sd_configs", "puppetdb_sd_configs", "scaleway_sd_configs",
    "serverset_sd_configs", "stackit_sd_configs", "triton_sd_configs", "uyuni_sd_configs",
    "vultr_sd_configs",
  };

  private static final String[] OTHER_KEYS = {
    "native_histogram_bucket_limit",
    "native_histogram_min_bucket_factor",
    "keep_dropped_targets",
    "scrape_protocols",
    "fallback_scrape_protocol",
    "scrape_classic_histograms",
    "always_scrape_classic_histograms",
    "convert_classic_histograms_to_nhcb",
    "scrape_native_histograms",
    "metric_name_validation_scheme",
    "metric_name_escaping_scheme",
    "scrape_failure_log_file",
    "extra_scrape_metrics",
  };

  public ScrapeConfig {
    relabelRules = List.copyOf(relabelRules);
    metricRelabelRules = List.copyOf(metricRelabelRules);
    staticGroups = List.copyOf(staticGroups);
    files = List.copyOf(files);
  }

  static ScrapeConfig parse(YamlMapping yaml, GlobalConfig global, Path base, Notices notices)
      throws ConfigException {
    String job = yaml.text("job_name", "");
    if (job.isEmpty()) {
      throw yaml.error("job_name is missing");
    }
    yaml.notBuiltYet(notices, OTHER_DISCOVERIES);
    yaml.notBuiltYet(notices, OTHER_KEYS);
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
            ScrapeLimits.parse(yaml, global.limits()),
            HttpSettings.parse(yaml, base, notices),
            RelabelRules.parse(yaml.list("relabel_configs")),
            RelabelRules.parse(yaml.list("metric_relabel_configs")),
            groups(yaml),
            discoveries(yaml, base));
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

  private static List<FileDiscoverySettings> discoveries(YamlMapping yaml, Path base)
      throws ConfigException {
    List<FileDiscoverySettings> discoveries = new ArrayList<>();
    for (YamlValue discovery : yaml.list("file_sd_configs")) {
      discoveries.add(FileDiscoverySettings.parse(discovery.mapping(), base));
    }
    return discoveries;
  }

  /** Whether only the way from here to targets differs, not how a target is scraped. */
  public boolean scrapesLike(ScrapeConfig other) {
    return jobName.equals(other.jobName)
        && honorLabels == other.honorLabels
        && honorTimestamps == other.honorTimestamps
        && trackTimestampsStaleness == other.trackTimestampsStaleness
        && compression == other.compression
        && limits.withoutTargets().equals(other.limits.withoutTargets())
        && http.equals(other.http)
        && metricRelabelRules.equals(other.metricRelabelRules);
  }
}
