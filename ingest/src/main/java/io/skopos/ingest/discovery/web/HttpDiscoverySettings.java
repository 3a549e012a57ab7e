// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.web;

import io.skopos.ingest.discovery.DiscoveredTargets;
import io.skopos.ingest.discovery.Discovery;
import io.skopos.ingest.discovery.DiscoveryContext;
import io.skopos.ingest.discovery.DiscoverySettings;
import io.skopos.ingest.discovery.PollingDiscovery;
import io.skopos.ingest.http.FetchFailure;
import io.skopos.ingest.http.HttpClient;
import io.skopos.ingest.http.HttpSettings;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlMapping;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** One entry of {@code http_sd_configs}. */
public record HttpDiscoverySettings(URI url, Duration refreshInterval, HttpSettings http)
    implements DiscoverySettings {

  public static HttpDiscoverySettings parse(YamlMapping yaml, Path base, Notices notices)
      throws ConfigException {
    HttpDiscoverySettings settings =
        new HttpDiscoverySettings(
            yaml.httpUrl("url"),
            yaml.duration("refresh_interval", Duration.ofMinutes(1)),
            HttpSettings.parse(yaml, base, notices));
    yaml.done();
    return settings;
  }

  @Override
  public String kind() {
    return "http";
  }

  @Override
  public Discovery start(DiscoveryContext context, DiscoveredTargets targets)
      throws ConfigException {
    try {
      HttpClient client = new HttpClient(http, context.http(), context.userAgent());
      return new PollingDiscovery(
          context, refreshInterval, new HttpTargets(this, client)::find, targets, client::close);
    } catch (FetchFailure e) {
      throw new ConfigException("http_sd_configs: " + e.getMessage(), e);
    }
  }
}
