// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.consul;

import io.skopos.ingest.discovery.DiscoveredTargets;
import io.skopos.ingest.discovery.Discovery;
import io.skopos.ingest.discovery.DiscoveryContext;
import io.skopos.ingest.discovery.DiscoverySettings;
import io.skopos.ingest.http.FetchFailure;
import io.skopos.ingest.http.HttpSettings;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One entry of {@code consul_sd_configs}.
 *
 * @param server with scheme and path prefix
 * @param services to look for; none means all
 * @param tags a service must have all of
 * @param nodeMeta a node must have all of
 * @param filter of the catalog, in Consul's language
 * @param healthFilter of each service's instances
 * @param allowStale any server may answer, not only the leader
 * @param refreshInterval how long answers rest before they are asked for again
 */
public record ConsulDiscoverySettings(
    URI server,
    String token,
    String datacenter,
    String namespace,
    String partition,
    List<String> services,
    List<String> tags,
    Map<String, String> nodeMeta,
    String filter,
    String healthFilter,
    String tagSeparator,
    boolean allowStale,
    Duration refreshInterval,
    HttpSettings http)
    implements DiscoverySettings {

  public ConsulDiscoverySettings {
    services = List.copyOf(services);
    tags = List.copyOf(tags);
    nodeMeta = Map.copyOf(nodeMeta);
  }

  /** The token stays out of logs and pages. */
  @Override
  public String toString() {
    return "ConsulDiscoverySettings[" + server + ", " + services + "]";
  }

  public static ConsulDiscoverySettings parse(YamlMapping yaml, Path base, Notices notices)
      throws ConfigException {
    Map<String, String> nodeMeta = new LinkedHashMap<>();
    YamlMapping meta = yaml.child("node_meta");
    if (meta != null) {
      for (Map.Entry<String, YamlValue> entry : meta.all().entrySet()) {
        nodeMeta.put(entry.getKey(), entry.getValue().text());
      }
    }
    HttpSettings http = HttpSettings.parse(yaml, base, notices);
    String user = yaml.text("username", "");
    String password = yaml.text("password", "");
    if (!user.isEmpty() || !password.isEmpty()) {
      if (http.authorization() != null || http.oauth2() != null) {
        throw yaml.error("username and password exclude other credentials");
      }
      http =
          http.withAuthorization(
              new HttpSettings.Authorization("Basic", user, null, password, null));
    }
    String token = yaml.text("token", "");
    if (!token.isEmpty() && (http.authorization() != null || http.oauth2() != null)) {
      throw yaml.error("token excludes other credentials");
    }
    ConsulDiscoverySettings settings =
        new ConsulDiscoverySettings(
            server(yaml),
            token,
            yaml.text("datacenter", ""),
            yaml.text("namespace", ""),
            yaml.text("partition", ""),
            yaml.texts("services"),
            yaml.texts("tags"),
            nodeMeta,
            yaml.text("filter", ""),
            yaml.text("health_filter", ""),
            yaml.text("tag_separator", ","),
            yaml.flag("allow_stale", true),
            yaml.duration("refresh_interval", Duration.ofSeconds(30)),
            http);
    yaml.done();
    return settings;
  }

  private static URI server(YamlMapping yaml) throws ConfigException {
    String server = yaml.text("server", "localhost:8500");
    String scheme = yaml.text("scheme", "http");
    String prefix = yaml.text("path_prefix", "");
    String whole = server.contains("://") ? server : scheme + "://" + server;
    try {
      URI url =
          URI.create(whole + (prefix.isEmpty() || prefix.startsWith("/") ? "" : "/") + prefix);
      if (url.getHost() != null && url.getScheme().matches("https?")) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw yaml.error("server '" + server + "' is not a host and port");
    }
    throw yaml.error("server '" + server + "' is not a host and port");
  }

  @Override
  public String kind() {
    return "consul";
  }

  @Override
  public Discovery start(DiscoveryContext context, DiscoveredTargets targets)
      throws ConfigException {
    try {
      return new ConsulDiscovery(this, context, targets);
    } catch (FetchFailure e) {
      throw new ConfigException("consul_sd_configs: " + e.getMessage(), e);
    }
  }
}
