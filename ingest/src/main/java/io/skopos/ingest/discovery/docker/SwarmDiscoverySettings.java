// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.docker;

import io.skopos.ingest.discovery.DiscoveredTargets;
import io.skopos.ingest.discovery.Discovery;
import io.skopos.ingest.discovery.DiscoveryContext;
import io.skopos.ingest.discovery.DiscoverySettings;
import io.skopos.ingest.discovery.PollingDiscovery;
import io.skopos.ingest.http.FetchFailure;
import io.skopos.ingest.http.HttpSettings;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlMapping;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One entry of {@code dockerswarm_sd_configs}.
 *
 * @param port of what publishes none
 */
public record SwarmDiscoverySettings(
    URI host,
    Role role,
    int port,
    Map<String, List<String>> filters,
    Duration refreshInterval,
    HttpSettings http)
    implements DiscoverySettings {

  /** What becomes a target. */
  public enum Role {
    SERVICES,
    TASKS,
    NODES;

    static Role parse(String text) {
      for (Role role : values()) {
        if (role.key().equals(text.toLowerCase(Locale.ROOT))) {
          return role;
        }
      }
      throw new IllegalArgumentException(
          "'" + text + "' is no role; there are services, tasks and nodes");
    }

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static SwarmDiscoverySettings parse(YamlMapping yaml, Path base, Notices notices)
      throws ConfigException {
    if (!yaml.has("role")) {
      throw yaml.error("role is missing");
    }
    SwarmDiscoverySettings settings =
        new SwarmDiscoverySettings(
            DockerHost.parse(yaml),
            yaml.read("role", Role::parse, Role.SERVICES),
            yaml.count("port", 80),
            DockerHost.filters(yaml),
            yaml.duration("refresh_interval", Duration.ofSeconds(60)),
            HttpSettings.parse(yaml, base, notices));
    yaml.done();
    return settings;
  }

  @Override
  public String kind() {
    return "dockerswarm";
  }

  @Override
  public Discovery start(DiscoveryContext context, DiscoveredTargets targets)
      throws ConfigException {
    try {
      DockerHost daemon = new DockerHost(host, http, context.http(), context.userAgent());
      return new PollingDiscovery(
          context, refreshInterval, new SwarmTargets(this, daemon)::find, targets, daemon::close);
    } catch (FetchFailure e) {
      throw new ConfigException("dockerswarm_sd_configs: " + e.getMessage(), e);
    }
  }
}
