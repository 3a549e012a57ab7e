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
import java.util.Map;

/**
 * One entry of {@code docker_sd_configs}.
 *
 * @param port of containers that publish none
 * @param hostNetworkingHost the address of containers in the host's network
 * @param matchFirstNetwork a container in several networks is one target, in the first of them
 */
public record DockerDiscoverySettings(
    URI host,
    int port,
    Map<String, List<String>> filters,
    String hostNetworkingHost,
    boolean matchFirstNetwork,
    Duration refreshInterval,
    HttpSettings http)
    implements DiscoverySettings {

  public static DockerDiscoverySettings parse(YamlMapping yaml, Path base, Notices notices)
      throws ConfigException {
    DockerDiscoverySettings settings =
        new DockerDiscoverySettings(
            DockerHost.parse(yaml),
            yaml.count("port", 80),
            DockerHost.filters(yaml),
            yaml.text("host_networking_host", "localhost"),
            yaml.flag("match_first_network", true),
            yaml.duration("refresh_interval", Duration.ofSeconds(60)),
            HttpSettings.parse(yaml, base, notices));
    yaml.done();
    return settings;
  }

  @Override
  public String kind() {
    return "docker";
  }

  @Override
  public Discovery start(DiscoveryContext context, DiscoveredTargets targets)
      throws ConfigException {
    try {
      DockerHost daemon = new DockerHost(host, http, context.http(), context.userAgent());
      return new PollingDiscovery(
          context,
          refreshInterval,
          new ContainerTargets(this, daemon)::find,
          targets,
          daemon::close);
    } catch (FetchFailure e) {
      throw new ConfigException("docker_sd_configs: " + e.getMessage(), e);
    }
  }
}
